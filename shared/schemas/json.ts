/**
 * Whether a value is what JSON can hold, and nested no deeper than so many levels. Looks at one level
 * after the other, so that no depth ends its stack.
 */
export function isJson(value: unknown, mostLevels: number): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= mostLevels || !level.every(isJsonHere)) return false
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : [],
    )
  }
  return true
}

function isJsonHere(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value)
    case 'object': {
      if (value === null || Array.isArray(value)) return true
      const prototype: unknown = Object.getPrototypeOf(value)
      return prototype === Object.prototype || prototype === null
    }
    default:
      return false
  }
}
