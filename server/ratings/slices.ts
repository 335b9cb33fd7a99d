import { EQUAL_WEIGHTS } from '../../shared/boards.ts'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { VoteFilter } from '../../shared/ratings/slice-counts.ts'
import type { Slice } from '../../shared/schemas/leaderboard.ts'

/** Equal slices have equal keys: parsed slices hold every field in one order. */
export function sliceKey(slice: Slice): string {
  return JSON.stringify(slice)
}

/** Which votes a slice counts. */
export function filterOf({ language, category, judge, turns }: Slice): VoteFilter {
  return { language, category, judge, turns }
}

/** All votes of the slice's judges: what a slice by language or category leans on. */
export function unslicedFilterOf({ judge }: Slice): VoteFilter {
  return { language: null, category: null, judge, turns: 'both' }
}

/** Whether a slice is thin by nature, so that its ratings lean on those of all votes. */
export function leansOnAll({ method, language, category }: Slice): boolean {
  return method === 'bradley-terry' && (language !== null || category !== null)
}

/** The weights of `overall`, in the order of {@link DIMENSIONS}. */
export function weightsOf({ weights }: Slice): number[] {
  const given = new Map(
    (weights ?? EQUAL_WEIGHTS).split(',').map((part) => part.split(':') as [string, string]),
  )
  return DIMENSIONS.map((dimension) => Number(given.get(dimension) ?? 0))
}

/** Whether a slice is one of the few that everybody sees. */
export function isUsual(slice: Slice): boolean {
  const { weights, method, language, category, judge, turns, style } = slice
  return (
    (weights === null || weights === EQUAL_WEIGHTS) &&
    method === 'bradley-terry' &&
    language === null &&
    category === null &&
    judge === 'human' &&
    turns === 'both' &&
    !style
  )
}
