import { formTexts } from '../../texts/en-admin-form.ts'
import type { ApiError } from '../api.ts'
import { fieldOf, type Fault, type FieldPath } from './fields.ts'

/** What the arena refused, each thing at the field that it names; never none. */
export function faultsOf(error: Pick<ApiError, 'field' | 'fields' | 'message'>): readonly Fault[] {
  const { field, fields, message } = error
  if (fields !== undefined && fields.length > 0) {
    return gathered(fields.map((each) => faultAt(each.field, each.message)))
  }
  return [field === undefined ? { path: null, message } : faultAt(field, message)]
}

function faultAt(field: string, message: string): Fault {
  const path = fieldOf(field)
  // At the field itself its name need not be said again; of a part of it, it has to be.
  const prefix = `${field}: `
  const bare = message.startsWith(prefix) ? message.slice(prefix.length) : message
  return { path, message: path === field ? bare : `${partOf(field, path)}: ${bare}` }
}

/** A part of a field as people call it: `links.0.url` is the first link. */
function partOf(field: string, path: FieldPath | null): string {
  if (path === null || !field.startsWith(`${path}.`)) return field
  const [part = '', ...rest] = field.slice(path.length + 1).split('.')
  const item = formTexts.faults.items[path]
  if (item === undefined || !/^\d+$/.test(part)) return [part, ...rest].join('.')
  return item(Number(part) + 1)
}

/** One fault a field, with all that is wrong with it. */
function gathered(faults: readonly Fault[]): Fault[] {
  const byPath = new Map<FieldPath, string>()
  for (const { path, message } of faults) {
    if (path === null) continue
    const before = byPath.get(path)
    byPath.set(path, before === undefined ? message : `${before}; ${message}`)
  }
  return [
    ...[...byPath].map(([path, message]) => ({ path, message })),
    ...faults.filter(({ path }) => path === null),
  ]
}
