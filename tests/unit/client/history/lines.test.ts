import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  pathsOf,
  plotOf,
  projection,
  spreadLabels,
  type Line,
} from '../../../../client/history/lines.ts'
import { startOf } from '../../../../client/history/period.ts'

const line = (
  key: string,
  points: readonly (readonly [at: string, rating: number | null])[],
): Line => ({
  key,
  name: key,
  dimension: null,
  points: points.map(([at, rating]) => ({
    at,
    model: key,
    rating,
    ciLow: rating === null ? null : rating - 10,
    ciHigh: rating === null ? null : rating + 10,
    elo: 1000,
    votes: 1,
  })),
})
const box = { left: 10, top: 20, width: 100, height: 50 }

describe('a plot of lines', () => {
  it('leaves out moments without a rating, and lines without any', () => {
    const plot = plotOf([
      line('x', [
        ['2026-01-01T00:00:00Z', null],
        ['2026-01-02T00:00:00Z', 1000],
        ['2026-01-03T00:00:00Z', 1100],
      ]),
      line('y', [['2026-01-01T00:00:00Z', null]]),
    ])
    expect(plot?.lines.map((each) => each.line.key)).toEqual(['x'])
    expect(plot?.time.from).toBe(Date.parse('2026-01-02T00:00:00Z'))
    expect(plotOf([line('y', [])])).toBeNull()
  })

  it('draws within its box, one point in the middle', () => {
    const plot = plotOf([line('x', [['2026-01-02T00:00:00Z', 1000]])])
    if (plot === null) throw new Error('there is a point to draw')
    const on = projection(plot, box)
    expect(on.x(plot.time.from)).toBe(60)
    expect(on.y(1000)).toBeCloseTo(45, 6)
    const { line: path, band } = pathsOf(plot.lines[0]?.points ?? [], on)
    expect(path).toBe('M60.0,45.0')
    expect(band).not.toMatch(/NaN/)
  })

  it('puts labels near their lines, never upon each other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 6 }),
        (wanted) => {
          const placed = spreadLabels(wanted, 16, 0, 300).toSorted((a, b) => a - b)
          for (let at = 1; at < placed.length; at++) {
            expect((placed[at] ?? 0) - (placed[at - 1] ?? 0)).toBeGreaterThanOrEqual(16 - 1e-9)
          }
          expect(placed[0]).toBeGreaterThanOrEqual(-1e-9)
          expect(placed.at(-1)).toBeLessThanOrEqual(300 + 1e-9)
        },
      ),
    )
  })
})

describe('a period', () => {
  it('begins at a full hour, and "all" has no beginning', () => {
    const now = Date.parse('2026-03-10T12:34:56Z')
    expect(startOf('all', now)).toBeNull()
    expect(startOf('7d', now)).toBe('2026-03-03T12:00:00.000Z')
  })
})
