import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byRank, mergeUpdate, sameSlice } from '../../../../client/board/merge.ts'
import type { Board, BoardRow, BoardUpdate } from '../../../../shared/schemas/leaderboard.ts'

const slice: Board['slice'] = {
  dimension: 'accuracy',
  method: 'elo',
  language: null,
  category: null,
  judge: 'human',
  turns: 'both',
  style: false,
  weights: null,
}
const FACTS: Omit<Board, 'slice' | 'version' | 'votes' | 'rows'> = {
  generatedAt: '2026-01-01T00:00:00Z',
  intervals: { kind: 'none', version: 0, voters: 0 },
  outcomes: { decisive: 0, ties: 0, bothBad: 0, skipped: 0 },
  nu: null,
  position: null,
  styleEffects: null,
  leader: null,
  engine: 'test',
}
function row(slug: string, rank: number | null, elo: number, votes = 1): BoardRow {
  return {
    rank,
    rankUb: null,
    rankLow: null,
    rankHigh: null,
    model: { slug, name: slug, organization: 'O', license: 'L' },
    rating: null,
    se: null,
    ciLow: null,
    ciHigh: null,
    elo,
    votes,
    wins: 0,
    losses: 0,
    ties: 0,
    bothBad: 0,
    bothBadRate: null,
    bothBadLow: null,
    bothBadHigh: null,
    status: 'rated',
    provisional: false,
  }
}
const board = (version: number, rows: BoardRow[]): Board => ({
  version,
  slice,
  votes: version,
  rows,
  ...FACTS,
})
const update = (since: number, version: number, rows: BoardRow[]): BoardUpdate => ({
  slice,
  since,
  version,
  votes: version,
  rows,
  ...FACTS,
})

describe('mergeUpdate', () => {
  const held = board(5, [row('x', 1, 1010), row('y', 2, 990)])

  it('takes over what is said beside the rows', () => {
    const intervals = { kind: 'clustered', version: 6, voters: 42 } as const
    const merge = mergeUpdate(held, { ...update(5, 6, []), intervals, generatedAt: 'later' })
    expect(merge).toMatchObject({ board: { intervals, generatedAt: 'later', rows: held.rows } })
  })

  it('puts changed and new rows in their places', () => {
    const merge = mergeUpdate(
      held,
      update(5, 6, [row('y', 1, 1020), row('x', 2, 1010), row('z', 3, 900)]),
    )
    expect(merge.kind).toBe('merged')
    if (merge.kind !== 'merged') return
    expect(merge.board.version).toBe(6)
    expect(merge.board.votes).toBe(6)
    expect(merge.board.rows.map(({ model }) => model.slug)).toEqual(['y', 'x', 'z'])
  })

  it('applies an update from before what is held, and leaves a known one alone', () => {
    expect(mergeUpdate(held, update(2, 7, [])).kind).toBe('merged')
    expect(mergeUpdate(held, update(3, 5, [])).kind).toBe('known')
  })

  it('sees a gap', () => {
    expect(mergeUpdate(held, update(6, 7, [])).kind).toBe('gap')
  })

  it('comes to the same board by any updates that leave no gap', () => {
    const history = Array.from({ length: 8 }, (_, version) =>
      board(version, [row('x', 1, 1000 + version), row('y', 2, 900 - (version >> 1))]),
    )
    const changedSince = (since: number, version: number) =>
      (history[version]?.rows ?? []).filter((now) => {
        const before = history[since]?.rows.find(({ model }) => model.slug === now.model.slug)
        return before?.elo !== now.elo
      })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 }), (pairs) => {
        let state = history[0] ?? board(0, [])
        for (const [one, other] of [...pairs, [0, 7] as const]) {
          const [since, version] = one < other ? [one, other] : [other, one]
          const merge = mergeUpdate(state, update(since, version, changedSince(since, version)))
          if (merge.kind === 'merged') state = merge.board
          expect(state.rows).toEqual(history[state.version]?.rows)
        }
        expect(state.version).toBe(7)
      }),
    )
  })
})

describe('byRank', () => {
  it('puts rows without a rank last', () => {
    const rows = [row('new', null, 1500), row('b', 2, 990), row('a', 1, 1000)].sort(byRank)
    expect(rows.map(({ model }) => model.slug)).toEqual(['a', 'b', 'new'])
  })
})

describe('sameSlice', () => {
  it('tells boards apart by every field', () => {
    expect(sameSlice(board(1, []), update(0, 1, []))).toBe(true)
    const other = { ...update(0, 1, []), slice: { ...slice, dimension: 'language' as const } }
    expect(sameSlice(board(1, []), other)).toBe(false)
  })
})
