import { HOUR_MS, type Moment } from './history.ts'

/** A moment of the history and how many rows the table of votes had. */
export type TableMoment = Moment & { readonly rows: number }

/** Moments of one version at most. */
const MOST_OF_ONE = 30
/** Moments of all versions of a model together, as long as each has two. */
const MOST_OF_ALL = 120
/** Versions with a history: the newest. */
const MOST_VERSIONS = 60

/** The rows of a version's votes: from its first to behind its last. */
export type Life = { readonly version: number; readonly first: number; readonly end: number }

/**
 * Which moments the histories of a model's versions have, by version: of each stretch of so many hours
 * of its life the last one, the stretches as short (1, 2, 4, … hours) as the number of moments allows.
 * While a version lives on its stretches grow into each other: no moment is ever needed that was passed
 * over before.
 *
 * @param lives the oldest first
 * @param moments in the order of the log
 */
export function versionMoments(
  lives: readonly Life[],
  moments: readonly TableMoment[],
): Map<number, TableMoment[]> {
  const living = lives.slice(-MOST_VERSIONS)
  const most = Math.max(2, Math.min(MOST_OF_ONE, Math.floor(MOST_OF_ALL / living.length)))
  return new Map(living.map((life) => [life.version, thinnedByTime(within(life, moments), most)]))
}

/** The moments that a version saw: each after a vote of its own, up to the one that has all of them. */
function within({ first, end }: Life, moments: readonly TableMoment[]): TableMoment[] {
  const begin = moments.findIndex(({ rows }) => rows > first)
  const last = moments.findIndex(({ rows }) => rows >= end)
  if (begin < 0) return []
  return moments.slice(begin, last < 0 ? undefined : last + 1)
}

function thinnedByTime(moments: readonly TableMoment[], most: number): TableMoment[] {
  for (let hours = 1; ; hours *= 2) {
    const stretchOf = ({ at }: TableMoment) => Math.floor(at / (hours * HOUR_MS))
    const kept = moments.filter((moment, index) => {
      const next = moments[index + 1]
      return next === undefined || stretchOf(next) > stretchOf(moment)
    })
    if (kept.length <= most) return kept
  }
}
