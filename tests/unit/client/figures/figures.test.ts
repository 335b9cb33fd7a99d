// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { historyCsv, matrixCsv, overviewCsv, toCsv } from '../../../../client/figures/csv.ts'
import { historyFigure } from '../../../../client/figures/history-figure.ts'
import { intervalFigure } from '../../../../client/figures/interval-figure.ts'
import { matrixFigure } from '../../../../client/figures/matrix-figure.ts'
import type { Line } from '../../../../client/history/lines.ts'
import type { Comparison } from '../../../../client/leaderboard/compare.ts'
import type { Matrix } from '../../../../client/leaderboard/matrix.ts'
import { DIMENSIONS } from '../../../../shared/dimensions.ts'
import { rowOf } from '../leaderboard/rows.ts'

const words = { title: 'A & B <all>', source: 'From "here"' }
const row = rowOf('x', { rating: 1020, ciLow: 1000, ciHigh: 1040 })
const unrated = rowOf('y', {
  rating: null,
  ciLow: null,
  ciHigh: null,
  rank: null,
  status: 'unbounded-above',
})
const compared: Comparison[] = [
  { model: row.model, rows: { overall: row, accuracy: row, helpfulness: row, language: null } },
  {
    model: { ...unrated.model, name: 'An <evil> & very long name of a model' },
    rows: { overall: unrated, accuracy: unrated, helpfulness: unrated, language: unrated },
  },
]
const matrix: Matrix = {
  models: compared.map(({ model }) => model),
  of: (a, b) =>
    a === b
      ? null
      : {
          wins: 3,
          losses: 1,
          ties: 0,
          bothBad: 0,
          verdicts: 4,
          observed: a < b ? 0.75 : 0.25,
          expected: null,
        },
}
const point = (at: string, rating: number | null) => ({
  at,
  model: 'x',
  rating,
  ciLow: rating === null ? null : rating - 10,
  ciHigh: rating === null ? null : rating + 10,
  elo: 1000,
  votes: 5,
})
const lines: Line[] = [
  {
    key: 'accuracy',
    name: 'Accuracy',
    dimension: 'accuracy',
    points: [point('2026-01-01T00:00:00Z', 1000), point('2026-01-02T00:00:00Z', 1010)],
  },
]

/** Parses as a browser would; the root of what is well-formed. */
function parse(svg: string): Element {
  const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml')
  return parsed.documentElement
}

describe('figures', () => {
  it.each([
    ['of intervals', () => intervalFigure(compared, DIMENSIONS, words)],
    ['of one board', () => intervalFigure(compared, ['overall'], words)],
    ['of the matrix', () => matrixFigure(matrix, matrix.models, 'observed', words)],
    ['of a history', () => historyFigure(lines, words)],
  ])('%s stand alone, escaped, without NaN and without anything from elsewhere', (_name, draw) => {
    const drawn = draw()
    const svg = drawn?.svg ?? ''
    expect(parse(svg).nodeName).toBe('svg')
    expect(svg).toContain('A &amp; B &lt;all&gt;')
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<evil>/)
    expect(svg).not.toMatch(/(?:href|src|style)=|url\(/)
  })

  it('of a history without a rating does not exist', () => {
    const bare = lines.map((line) => ({
      ...line,
      points: [point('2026-01-01T00:00:00Z', null)],
    }))
    expect(historyFigure(bare, words)).toBeNull()
    expect(historyFigure([], words)).toBeNull()
  })
})

describe('files', () => {
  it('quote what CSV needs quoted, and disarm formulas', () => {
    expect(toCsv([['a,b', 'say "x"', '=1+1', null, -2.5]])).toBe(
      `"a,b","say ""x""",'=1+1,,-2.5\r\n`,
    )
  })

  it('hold one line a model, a pair, a point', () => {
    const overview = overviewCsv(compared).trim().split('\r\n')
    expect(overview).toHaveLength(3)
    expect(overview[0]?.split(',')).toHaveLength(4 + 4 * 8)
    expect(matrixCsv(matrix, matrix.models).trim().split('\r\n')).toEqual([
      'model_a,model_b,wins_a,wins_b,ties,both_bad,share_a,expected_a',
      'x,y,3,1,0,0,0.75,',
    ])
    expect(historyCsv(lines).trim().split('\r\n')).toHaveLength(3)
  })
})
