/** What was asked cannot be done, whatever the files hold: exit code 2. */
export class UsageError extends Error {}

/** A file, or all of them together, cannot be rated: exit code 1. */
export class DataError extends Error {}

/** Why a row is bad: the kind, by which bad rows are counted, and what exactly was found. */
export type Flaw = { readonly kind: string; readonly detail: string }

export function flaw(kind: string, detail: string): Flaw {
  return { kind, detail }
}

/** Where a row stands: Parquet has no lines. Both count from 1, and lines count the header. */
export type Place = { readonly unit: 'line' | 'row'; readonly number: number }

/** `votes.csv:17`, as editors and compilers write it, or `votes.parquet, row 17`. */
export function placeOf(file: string, place: Place): string {
  return place.unit === 'line' ? `${file}:${place.number}` : `${file}, row ${place.number}`
}

const MAX_SHOWN = 60
// What moves a terminal's cursor or turns its text round is shown by its number instead.
const INVISIBLE = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/** A value from a file, as one line of a terminal can show it. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text =
    typeof value === 'bigint' || typeof value === 'number' ? String(value) : JSON.stringify(value)
  const short = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
  return visible(short)
}

/** A text without anything that moves a terminal's cursor. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Bad rows named one by one before only their number is told. */
const NAMED = 20

/** Names bad rows as they come, the first ones in full, and counts them by kind. */
export class BadRows {
  #counts = new Map<string, number>()
  #skipped = 0
  readonly #strict: boolean
  readonly #say: (line: string) => void

  /**
   * @param strict whether the first bad row ends everything
   * @param say told one line at a time
   */
  constructor(strict: boolean, say: (line: string) => void) {
    this.#strict = strict
    this.#say = say
  }

  get skipped(): number {
    return this.#skipped
  }

  /** @throws {DataError} if bad rows are not tolerated */
  add(file: string, place: Place, { kind, detail }: Flaw): void {
    const line = visible(`${placeOf(file, place)}: ${kind}: ${detail}`)
    if (this.#strict) throw new DataError(line)
    this.#skipped++
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    if (this.#skipped <= NAMED) this.#say(line)
    if (this.#skipped === NAMED + 1) this.#say('more bad rows are counted, not named')
  }

  /** Says how many bad rows were skipped, by kind; nothing if there was none. */
  summarize(): void {
    if (this.#skipped === 0) return
    const kinds = [...this.#counts]
      .sort(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${count.toLocaleString('en')} ${kind}`)
    const rows = this.#skipped === 1 ? 'bad row' : 'bad rows'
    this.#say(`${this.#skipped.toLocaleString('en')} ${rows} skipped: ${kinds.join(', ')}`)
  }
}
