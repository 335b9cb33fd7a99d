import { describe, expect, it } from 'vitest'
import { HEAT_STEPS, battlesOf, heatOf, matrixOf } from '../../../../client/leaderboard/matrix.ts'
import { opponentsOf } from '../../../../client/history/opponents.ts'
import type { PairCell, Pairs } from '../../../../shared/schemas/leaderboard.ts'
import { boardOf, rowOf } from './rows.ts'

const cell = (a: string, b: string, counts: Partial<PairCell>): PairCell => ({
  a,
  b,
  wins: 0,
  losses: 0,
  ties: 0,
  bothBad: 0,
  expected: null,
  ...counts,
})
const pairs: Pairs = {
  version: 1,
  generatedAt: '',
  slice: boardOf('accuracy', []).slice,
  models: ['x', 'y', 'z'].map((slug) => rowOf(slug).model),
  cells: [
    cell('x', 'y', { wins: 6, losses: 2, ties: 1, bothBad: 1, expected: 0.7 }),
    cell('x', 'z', { wins: 1 }),
    cell('y', 'z', {}),
  ],
}

describe('the matrix', () => {
  const matrix = matrixOf(pairs)

  it('reads a pair from either side', () => {
    expect(matrix.of('x', 'y')).toEqual({
      wins: 6,
      losses: 2,
      ties: 1,
      bothBad: 1,
      verdicts: 10,
      observed: 0.7,
      expected: 0.7,
    })
    const other = matrix.of('y', 'x')
    expect(other).toMatchObject({ wins: 2, losses: 6 })
    expect(other?.observed).toBeCloseTo(0.3, 12)
    expect(other?.expected).toBeCloseTo(0.3, 12)
  })

  it('knows who never met, and who does not exist', () => {
    expect(matrix.of('z', 'y')).toMatchObject({ verdicts: 0, observed: null, expected: null })
    expect(matrix.of('x', 'nobody')).toBeNull()
  })

  it('has the same strength of colour for equal distances from even', () => {
    expect(heatOf(0.5)).toBe(0)
    expect(heatOf(1)).toBe(HEAT_STEPS)
    expect(heatOf(0)).toBe(-HEAT_STEPS)
    for (const share of [0.52, 0.6, 0.71, 0.84, 0.99]) {
      expect(heatOf(share) + heatOf(1 - share)).toBe(0)
    }
  })

  it('leads to the battles of a pair', () => {
    expect(battlesOf(rowOf('x').model, rowOf('y').model)).toBe('/battles?model=x&opponent=y')
  })

  it('names opponents only where they were met often enough', () => {
    expect(opponentsOf(matrix, 'x').map(({ model, share }) => [model.slug, share])).toEqual([
      ['y', 0.7],
    ])
  })
})
