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
