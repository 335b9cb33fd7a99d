import { EQUAL_WEIGHTS } from '../../shared/boards.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { madeTexts } from '../texts/en-made.ts'

/** How a board is computed: its formula and what that says in words. */
export function formulaOf({ slice: { dimension, method } }: Board): {
  tex: string
  words: string
  short: string
} {
  if (dimension === 'overall' && method === 'bradley-terry') {
    return {
      tex: madeTexts.overallFormula,
      words: madeTexts.overallWords,
      short: madeTexts.shortOverall,
    }
  }
  return {
    tex: madeTexts.formulas[method],
    words: madeTexts.formulaWords[method],
    short: madeTexts.short[method],
  }
}

/** Fewer votes than this share of all make a lead thin. */
const THIN_SHARE = 0.005

/** Whether few votes would undo the first place. */
export function isThin({ share }: NonNullable<Board['leader']>): boolean {
  return share < THIN_SHARE
}

/** The options of `npm run ratings` that compute this board; null for a slice, which it has not. */
export function commandOptions({ slice }: Board): string | null {
  const { dimension, method, judge, style, weights, language, category, turns } = slice
  if (language !== null || category !== null || turns !== 'both') return null
  // Elo has no overall of its own there.
  if (method === 'elo' && dimension === 'overall') return null
  return [
    `--dimension ${dimension}`,
    ...(method === 'bradley-terry' ? [] : [`--method ${method}`]),
    ...(weights === null || weights === EQUAL_WEIGHTS ? [] : [`--weights ${weights}`]),
    ...(style ? ['--style'] : []),
    ...(judge === 'human' ? [] : [`--judge ${judge}`]),
  ].join(' ')
}
