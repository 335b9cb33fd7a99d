import type { ModelRef } from '../../shared/schemas/common.ts'
import type { PairCell, Pairs } from '../../shared/schemas/leaderboard.ts'

/** With fewer verdicts than this a share of wins says little. */
export const FEW = 10

/** What one model did against another, as the first of the two sees it. */
export type Meeting = {
  readonly wins: number
  readonly losses: number
  readonly ties: number
  readonly bothBad: number
  readonly verdicts: number
  /** Wins and half the ties, as a share; null where they have not met. */
  readonly observed: number | null
  /** What the board predicts; null where one of them is not rated. */
  readonly expected: number | null
}

/** All meetings, looked up in either direction. */
export type Matrix = {
  readonly models: readonly ModelRef[]
  readonly of: (row: string, column: string) => Meeting | null
}

/** Makes the whole matrix of the pairs, which hold each two models once. */
export function matrixOf(pairs: Pairs): Matrix {
  const cells = new Map(pairs.cells.map((cell) => [`${cell.a}\n${cell.b}`, cell]))
  return {
    models: pairs.models,
    of(row, column) {
      const straight = cells.get(`${row}\n${column}`)
      if (straight !== undefined) return meetingOf(straight)
      const reversed = cells.get(`${column}\n${row}`)
      return reversed === undefined ? null : meetingOf(turned(reversed))
    },
  }
}

function turned({ a, b, wins, losses, expected, ...same }: PairCell): PairCell {
  return {
    ...same,
    a: b,
    b: a,
    wins: losses,
    losses: wins,
    expected: expected === null ? null : 1 - expected,
  }
}

function meetingOf({ wins, losses, ties, bothBad, expected }: PairCell): Meeting {
  const verdicts = wins + losses + ties + bothBad
  const observed = verdicts === 0 ? null : (wins + (ties + bothBad) / 2) / verdicts
  return { wins, losses, ties, bothBad, verdicts, observed, expected }
}

/** Steps of the diverging scale to either side of even. */
export const HEAT_STEPS = 5

/** Which step of the scale a share has, from −{@link HEAT_STEPS} (loses) to +{@link HEAT_STEPS} (wins). */
export function heatOf(share: number): number {
  // Shares beyond 85 % are one step: what is left to tell apart lies around even.
  const reach = Math.min(1, Math.abs(share - 0.5) / 0.35)
  return Math.sign(share - 0.5) * Math.round(reach * HEAT_STEPS)
}

/** Where the battles of two models are listed. */
export function battlesOf(model: ModelRef, opponent: ModelRef): string {
  return `/battles?${new URLSearchParams({ model: model.slug, opponent: opponent.slug }).toString()}`
}
