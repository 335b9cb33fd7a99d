import type * as z from 'zod'

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
}

/** What sizes of such a value are counted in. */
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' }

/**
 * What is wrong with an input, in the words of a person, where its schema has none of its own; reads
 * on after the field's name. Undefined where zod's words will do.
 */
export function inPlainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing'
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return issue.input === undefined ? 'is missing' : oneOf(issue.values)
    case 'invalid_union':
      return ofUnion(issue)
    case 'too_big':
      return sized(issue.origin, issue.inclusive ? 'at most' : 'less than', issue.maximum)
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty'
      return sized(issue.origin, issue.inclusive ? 'at least' : 'more than', issue.minimum)
    case 'unrecognized_keys':
      return 'there is no such field'
    case 'invalid_key':
      return issue.issues[0]?.message
    case 'invalid_format':
      return issue.format === 'datetime' ? 'must be a time like 2026-05-05T12:00:00Z' : undefined
    case 'custom':
    case 'invalid_element':
    case 'not_multiple_of':
      return undefined
  }
}

function sized(origin: string, how: string, size: number | bigint): string {
  const unit = UNITS[origin]
  return unit === undefined ? `must be ${how} ${size}` : `must have ${how} ${size}${unit}`
}

function oneOf(values: readonly unknown[]): string {
  return `must be ${values.length > 1 ? 'one of ' : ''}${values.map(String).join(', ')}`
}

/** A choice by one of its fields, such as the kind of a provider. */
function ofUnion(
  issue: Extract<z.core.$ZodRawIssue, { code: 'invalid_union' }>,
): string | undefined {
  const { input, path = [] } = issue
  const name = path.at(-1)
  const options = 'options' in issue ? issue.options : undefined
  if (name === undefined || !Array.isArray(options)) return undefined
  const given = (input as Readonly<Record<PropertyKey, unknown>> | null)?.[name]
  return given === undefined ? 'is missing' : oneOf(options)
}
