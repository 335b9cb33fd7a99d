import * as z from 'zod'
import { failure, type Failure } from '../../shared/errors.ts'
import { inPlainWords } from './plain-words.ts'

z.config({ customError: inPlainWords })

const MAX_FIELDS = 20

type FieldIssue = { readonly field: string; readonly message: string }

/**
 * A refused input as `invalid_input`: in words and in `details.field` the first thing that is wrong,
 * in `details.fields` all of them, 20 at most.
 *
 * @param at where in the whole input the refused part stands
 */
export function toInvalidInput(error: z.ZodError, at: readonly string[] = []): Failure {
  const fields = fieldsOf(error, at)
  const [first] = fields
  if (first !== undefined) {
    const { field, message } = first
    return failure('invalid_input', `${field}: ${message}`, { field, fields })
  }
  const [issue] = error.issues
  if (issue === undefined) return failure('invalid_input')
  const { code, message } = issue
  return failure('invalid_input', code === 'invalid_type' ? `The input ${message}.` : message)
}

function fieldsOf(error: z.ZodError, at: readonly string[]): FieldIssue[] {
  const isUnknown = ({ code }: z.core.$ZodIssue) => code === 'unrecognized_keys'
  // A field that there is not is often a slip of the pen, and then why another one is missing.
  const issues = [
    ...error.issues.filter(isUnknown),
    ...error.issues.filter((issue) => !isUnknown(issue)),
  ]
  return issues
    .flatMap((issue) => {
      const names = issue.code === 'unrecognized_keys' ? issue.keys : [undefined]
      return names.map((name) => ({
        field: [...at, ...issue.path.map(String), ...(name === undefined ? [] : [name])].join('.'),
        message: issue.message,
      }))
    })
    .filter(({ field }) => field !== '')
    .slice(0, MAX_FIELDS)
}
