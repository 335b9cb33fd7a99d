import type { ApiError } from '../api.ts'
import { fieldOf, type Fault } from './fields.ts'

/** What the arena refused, at the field that it names. */
export function faultOf({ field, message }: Pick<ApiError, 'field' | 'message'>): Fault {
  if (field === undefined) return { path: null, message }
  const path = fieldOf(field)
  // At the field itself its name need not be said again; of a part of it, it has to be.
  const prefix = `${field}: `
  const bare = path === field && message.startsWith(prefix) ? message.slice(prefix.length) : message
  return { path, message: bare }
}
