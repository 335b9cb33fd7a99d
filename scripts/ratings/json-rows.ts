import { DataError, flaw, shown, type Place } from './problems.ts'
import { REQUIRED, shapeOf } from './rows.ts'
import type { RowSink } from './sink.ts'

/** Objects without the columns of a vote before a file is given up as none of votes. */
const GIVEN_UP_AFTER = 1000

/**
 * The rows of a JSON file, given as texts of one object each. JSON has no header: the first object
 * that can be a vote says how votes are written here; those before it are bad rows.
 */
export class JsonRows {
  readonly #file: string
  readonly #sink: RowSink
  #known = false
  /** Objects seen while no vote was, and the keys of the first of them. */
  #without = 0
  #keys: readonly string[] = []

  constructor(file: string, sink: RowSink) {
    this.#file = file
    this.#sink = sink
  }

  /** @throws {DataError} if the file seems to hold other things than votes */
  add(text: string, line: number): void {
    const place: Place = { unit: 'line', number: line }
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (cause) {
      this.#sink.bad(place, flaw('not JSON', cause instanceof Error ? cause.message : 'unreadable'))
      return
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.#sink.bad(place, flaw('not an object', shown(value)))
      return
    }
    if (!this.#known && !this.#recognize(Object.keys(value), place)) return
    this.#sink.row(value as Record<string, unknown>, place)
  }

  end(): void {
    if (!this.#known && this.#without > 0) throw this.#noVotes()
  }

  #recognize(keys: readonly string[], place: Place): boolean {
    if (shapeOf(keys) !== undefined) {
      this.#sink.columns(keys)
      this.#known = true
      return true
    }
    if (this.#without++ === 0) this.#keys = keys
    this.#sink.bad(place, flaw('missing columns', `found ${listOf(keys)}`))
    if (this.#without >= GIVEN_UP_AFTER) throw this.#noVotes()
    return false
  }

  #noVotes(): DataError {
    return new DataError(`${this.#file}: needs ${REQUIRED}; found ${listOf(this.#keys)}`)
  }
}

/** Names of columns as a message lists them. */
export function listOf(names: readonly string[], most = 20): string {
  if (names.length === 0) return 'no columns'
  const more = names.length > most ? `, and ${names.length - most} more` : ''
  return names.slice(0, most).map(shownName).join(', ') + more
}

function shownName(name: string): string {
  return /^[\w. -]+$/.test(name) ? name : shown(name)
}
