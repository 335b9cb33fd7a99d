import type { z } from 'zod'
import { failure, type Failure } from '../../shared/errors.ts'

/** The first problem of a refused input, as `invalid_input` with the field named. */
export function toInvalidInput(error: z.ZodError): Failure {
  const [issue] = error.issues
  if (issue === undefined) return failure('invalid_input')
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const path = [...issue.path, ...(unknown === undefined ? [] : [unknown])].map(String)
  const field = path.join('.')
  const message = unknown === undefined ? issue.message : 'is not a field of this call'
  return field === ''
    ? failure('invalid_input', message)
    : failure('invalid_input', `${field}: ${message}`, { field })
}
