import { DataError, flaw, placeOf } from './problems.ts'
import { visitLines } from './lines.ts'
import type { RowSink } from './sink.ts'

const QUOTE = '"'
const DELIMITERS = [',', '\t', ';'] as const
/** A quoted field may span lines; one that spans this much was never closed. */
const MAX_RECORD_CHARACTERS = 64 * 1024 * 1024

/**
 * Reads votes from CSV (RFC 4180) with a header line: fields in any order, quoted or not, delimited
 * by the comma, tab or semicolon that the header is delimited by, lines ended by LF or CR LF.
 *
 * A record whose fields do not fit the header, or whose quotes are broken, is a bad row; the next
 * line begins a new record.
 *
 * @throws {DataError} if the header lacks what is needed, or a quoted field never ends
 */
export async function readCsv(
  file: string,
  chunks: AsyncIterable<Buffer>,
  sink: RowSink,
): Promise<void> {
  const records = new CsvRecords(file, sink)
  await visitLines(chunks, (line, number) => records.line(line, number))
  records.end()
}

class CsvRecords {
  readonly #file: string
  readonly #sink: RowSink
  #delimiter: string | undefined
  #width = 0
  /** The columns that are read, by their place in a record; undefined for the others. */
  #names: readonly (string | undefined)[] = []
  /** Lines of a record whose quoted field goes on. */
  #open: string[] = []
  #openCharacters = 0
  #openSince = 0
  /** One row for all records, since none outlives its visit. */
  readonly #row: Record<string, unknown> = {}

  constructor(file: string, sink: RowSink) {
    this.#file = file
    this.#sink = sink
  }

  line(line: string | undefined, number: number): void {
    const first = this.#open.length === 0 ? number : this.#openSince
    if (line === undefined) {
      if (this.#delimiter === undefined) throw this.#error(number, 'the header is not UTF-8')
      this.#open = []
      this.#bad(first, 'not UTF-8', 'the line holds bytes of another encoding')
      return
    }
    if (this.#open.length === 0) {
      if (line === '') return
      if (hasEvenQuotes(line)) this.#record(line, number)
      else if (isStray(line, this.#delimiter ?? delimiterOf(line))) this.#stray(number)
      else this.#begin(line, number)
      return
    }
    this.#open.push(line)
    this.#openCharacters += line.length
    if (this.#openCharacters > MAX_RECORD_CHARACTERS) throw this.#neverEnds()
    if (hasEvenQuotes(line)) return
    const record = this.#open.join('\n')
    this.#open = []
    this.#record(record, first)
  }

  end(): void {
    if (this.#open.length > 0) throw this.#neverEnds()
    if (this.#delimiter === undefined) throw this.#error(1, 'the file is empty: it has no header')
  }

  #begin(line: string, number: number): void {
    this.#open = [line]
    this.#openCharacters = line.length
    this.#openSince = number
  }

  #record(record: string, number: number): void {
    if (this.#delimiter === undefined) {
      this.#header(record, number)
      return
    }
    const width = record.includes(QUOTE)
      ? this.#fillQuoted(record, this.#delimiter)
      : this.#fillPlain(record, this.#delimiter)
    if (width === undefined) {
      this.#stray(number)
    } else if (width !== this.#width) {
      this.#bad(number, 'wrong number of fields', `${width} where the header has ${this.#width}`)
    } else {
      this.#sink.row(this.#row, { unit: 'line', number })
    }
  }

  /** Fills the row. @returns the number of fields */
  #fillPlain(record: string, delimiter: string): number {
    let width = 0
    for (let from = 0; from <= record.length; width++) {
      const found = record.indexOf(delimiter, from)
      const end = found === -1 ? record.length : found
      const name = this.#names[width]
      // Cutting out the fields that nobody reads would take half of the time.
      if (name !== undefined) this.#row[name] = record.slice(from, end)
      from = end + 1
    }
    return width
  }

  #fillQuoted(record: string, delimiter: string): number | undefined {
    const fields = splitRecord(record, delimiter)
    for (const [index, field] of fields?.entries() ?? []) {
      const name = this.#names[index]
      if (name !== undefined) this.#row[name] = field
    }
    return fields?.length
  }

  #header(line: string, number: number): void {
    this.#delimiter = delimiterOf(line)
    const names = splitRecord(line, this.#delimiter)
    if (names === undefined) throw this.#error(number, 'a quote in the header is not closed')
    this.#width = names.length
    const read = new Set(this.#sink.columns(names))
    this.#names = names.map((name) => (read.has(name) ? name : undefined))
  }

  #stray(number: number): void {
    if (this.#delimiter === undefined) throw this.#error(number, 'the header has a stray quote')
    this.#bad(number, 'broken quotes', 'a quote stands inside a field that is not quoted')
  }

  #bad(number: number, kind: string, detail: string): void {
    this.#sink.bad({ unit: 'line', number }, flaw(kind, detail))
  }

  #neverEnds(): DataError {
    return this.#error(this.#openSince, 'a quoted field begins here and never ends')
  }

  #error(number: number, message: string): DataError {
    return new DataError(`${placeOf(this.#file, { unit: 'line', number })}: ${message}`)
  }
}

/** The delimiter that a header uses most. */
function delimiterOf(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ','
}

/** Whether a field is still open at the end of a record: only quotes decide. */
function hasEvenQuotes(text: string): boolean {
  let even = true
  for (let at = text.indexOf(QUOTE); at !== -1; at = text.indexOf(QUOTE, at + 1)) even = !even
  return even
}

/** Whether the quote that stays open stands where no quoted field can begin. */
function isStray(line: string, delimiter: string): boolean {
  return scanRecord(line, delimiter, undefined) === 'stray'
}

/**
 * The fields of one record, or undefined if a quote stands where none may.
 *
 * @param record without the line end that closes it
 */
export function splitRecord(record: string, delimiter: string): string[] | undefined {
  if (!record.includes(QUOTE)) return record.split(delimiter)
  const fields: string[] = []
  return scanRecord(record, delimiter, fields) === 'closed' ? fields : undefined
}

function scanRecord(
  record: string,
  delimiter: string,
  fields: string[] | undefined,
): 'closed' | 'open' | 'stray' {
  let at = 0
  for (;;) {
    let end: number
    if (record[at] === QUOTE) {
      end = closingQuote(record, at + 1)
      if (end === -1) return 'open'
      fields?.push(record.slice(at + 1, end).replaceAll('""', QUOTE))
      end++
      if (end < record.length && !record.startsWith(delimiter, end)) return 'stray'
    } else {
      end = record.indexOf(delimiter, at)
      if (end === -1) end = record.length
      const field = record.slice(at, end)
      if (field.includes(QUOTE)) return 'stray'
      fields?.push(field)
    }
    if (end >= record.length) return 'closed'
    at = end + delimiter.length
  }
}

/** Where a quoted field ends: at a quote that is not doubled; -1 if nowhere. */
function closingQuote(record: string, from: number): number {
  for (let at = record.indexOf(QUOTE, from); at !== -1; at = record.indexOf(QUOTE, at + 2)) {
    if (record[at + 1] !== QUOTE) return at
  }
  return -1
}
