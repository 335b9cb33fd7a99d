import type { Flaw, Place } from './problems.ts'
import type { Row } from './rows.ts'

/** What a reader of one format hands the rows of one file to. */
export type RowSink = {
  /**
   * Tells what columns the file has, before its rows.
   *
   * @returns those that its rows have to hold
   * @throws {DataError} if what is needed is not among them
   */
  columns(found: readonly string[]): readonly string[]
  /** @param row may be changed by the reader after the call */
  row(row: Row, place: Place): void
  /** A row that could not be read at all. */
  bad(place: Place, flaw: Flaw): void
}
