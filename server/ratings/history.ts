import type { BoardDimension } from '../../shared/dimensions.ts'

/** For so many UTC days back the history has a moment an hour, before that one a day. */
const HOURLY_DAYS = 7
export const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A place in the log after which an hour (UTC) ended. */
export type Moment = {
  /** The last vote of the hour. */
  readonly position: number
  /** When the latest vote up to there was given, epoch milliseconds. */
  readonly at: number
}

/** Where a model stood at a moment, in one dimension, on the board of people's votes. */
export type HistoryEntry = {
  readonly dimension: BoardDimension
  readonly slug: string
  readonly rating: number | null
  readonly ciLow: number | null
  readonly ciHigh: number | null
  readonly elo: number
  readonly votes: number
}

/** Everybody's standing at a moment, in every dimension. */
export type Checkpoint = Moment & { readonly entries: readonly HistoryEntry[] }

/**
 * Finds the moments of a log. Time is that of the latest vote so far: clocks of a machine may be set
 * back, the log goes on.
 */
export class HistoryClock {
  #last: Moment | undefined

  /** The last vote that was seen. */
  get last(): Moment | undefined {
    return this.#last
  }

  /** The next vote of the log. @returns the moment that ended before it, if one did */
  next(position: number, at: number): Moment | undefined {
    const before = this.#last
    this.#last = { position, at: Math.max(at, before?.at ?? at) }
    return before !== undefined && hourOf(this.#last.at) > hourOf(before.at) ? before : undefined
  }
}

/**
 * Which moments the history keeps, once the last of them has passed: all of its last days, and the
 * last one of each day before. A function of the log alone, so that a rebuild keeps the same.
 *
 * @param moments in the order of the log
 */
export function keptMoments<M extends Moment>(moments: readonly M[]): M[] {
  const last = moments.at(-1)
  if (last === undefined) return []
  const hourlyFrom = dayOf(last.at) - HOURLY_DAYS + 1
  return moments.filter((moment, index) => {
    const next = moments[index + 1]
    const day = dayOf(moment.at)
    return day >= hourlyFrom || next === undefined || dayOf(next.at) > day
  })
}

/**
 * At most so many of a long row of moments, evenly spread over it, with the first and the last.
 */
export function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items]
  const step = (items.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as T)
}

function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS)
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS)
}
