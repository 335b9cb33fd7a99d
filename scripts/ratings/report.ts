import type { RatedBoard } from '../../shared/ratings/rate.ts'
import type { Options } from './options.ts'

/** What the command has found out. */
export type Report = {
  readonly options: Options
  readonly board: RatedBoard
  /** Bad rows. */
  readonly skipped: number
  /** Seconds of the wall clock: reading ends with names and voters numbered. */
  readonly seconds: { readonly read: number; readonly count: number; readonly solve: number }
}
