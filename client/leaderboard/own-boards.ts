import { BOARD_DIMENSIONS, DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board, Pairs } from '../../shared/schemas/leaderboard.ts'
import type { CountsOfPairs, RecomputedBoards } from '../recompute/recompute.ts'
import { queryOfSlice, sliceOf, withoutFilters, type Address } from './address.ts'
import type { Boards } from './compare.ts'

/** The queries of the counts that a board can be computed from here: those of each dimension. */
export function queriesOfCounts(address: Address): string[] {
  const { language, category, judge, turns } = address
  const own = { ...address, ...withoutFilters(), language, category, judge, turns }
  const all = { ...own, language: null, category: null, turns: 'both' as const }
  const queries = (of: Address) => DIMENSIONS.map((name) => queryOfSlice(sliceOf(of, name)))
  return leansOnAll(address) ? [...queries(own), ...queries(all)] : queries(own)
}

/** Whether a slice has so few votes by nature that its ratings lean on those of all votes. */
export function leansOnAll({ language, category, method }: Address): boolean {
  return method === 'bradley-terry' && (language !== null || category !== null)
}

/** Answers to {@link queriesOfCounts} as counts by dimension: of the slice, and of all votes. */
export function countsOfPairs(pairs: readonly Pairs[]): {
  pairs: CountsOfPairs
  all: CountsOfPairs | null
} | null {
  const [accuracy, helpfulness, language, ...rest] = pairs
  if (accuracy === undefined || helpfulness === undefined || language === undefined) return null
  const [allAccuracy, allHelpfulness, allLanguage] = rest
  return {
    pairs: { accuracy, helpfulness, language },
    all:
      allAccuracy === undefined || allHelpfulness === undefined || allLanguage === undefined
        ? null
        : { accuracy: allAccuracy, helpfulness: allHelpfulness, language: allLanguage },
  }
}

/**
 * Boards computed here in the form of the arena's, so that one table shows both.
 *
 * @param pairs whose counts they were computed from
 * @param held the arena's boards of the moment: they know each model's Elo
 */
export function toBoards(
  recomputed: RecomputedBoards,
  pairs: readonly Pairs[],
  held: Boards,
): Record<BoardDimension, Board> {
  const refs = new Map<string, ModelRef>(
    pairs.flatMap(({ models }) => models.map((model) => [model.slug, model] as const)),
  )
  const [first] = pairs
  return Object.fromEntries(
    BOARD_DIMENSIONS.map((dimension): [BoardDimension, Board] => {
      const board = recomputed[dimension]
      const elos = new Map(held[dimension]?.rows.map((row) => [row.model.slug, row.elo]) ?? [])
      return [
        dimension,
        {
          version: first?.version ?? 0,
          generatedAt: first?.generatedAt ?? '',
          slice: {
            ...(held[dimension]?.slice ?? FULL),
            dimension,
          },
          votes: board.votes,
          rows: board.models.map(({ model, ...row }) => ({
            ...row,
            elo: elos.get(model) ?? row.elo,
            model: refs.get(model) ?? { slug: model, name: model, organization: '', license: '' },
          })),
          intervals: { kind: 'none', version: first?.version ?? 0, voters: 0 },
          outcomes: { ...board.outcomes, skipped: held[dimension]?.outcomes.skipped ?? 0 },
          nu: board.nu,
          position: null,
          styleEffects: null,
          leader: null,
          engine: '',
        },
      ]
    }),
  ) as Record<BoardDimension, Board>
}

/** A slice with every field, for boards that the arena has not answered yet. */
const FULL: Board['slice'] = {
  dimension: 'overall',
  method: 'bradley-terry',
  language: null,
  category: null,
  judge: 'human',
  turns: 'both',
  style: false,
  weights: null,
}
