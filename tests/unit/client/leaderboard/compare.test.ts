import { describe, expect, it } from 'vitest'
import {
  compareBoards,
  disagreements,
  spreadOf,
  type Boards,
} from '../../../../client/leaderboard/compare.ts'
import { boardTexts } from '../../../../client/texts/en-board.ts'
import type { BoardRow } from '../../../../shared/schemas/leaderboard.ts'
import { boardOf, rowOf } from './rows.ts'

const at = (rank: number, low: number, high: number, rating: number): Partial<BoardRow> => ({
  rank,
  rankLow: low,
  rankHigh: high,
  rating,
  ciLow: rating - 10,
  ciHigh: rating + 10,
})
const boards: Boards = {
  overall: boardOf('overall', [rowOf('wide'), rowOf('vague'), rowOf('even'), rowOf('lost')]),
  accuracy: boardOf('accuracy', [
    rowOf('wide', at(9, 8, 10, 900)),
    rowOf('vague', at(1, 1, 9, 1100)),
    rowOf('even', at(4, 3, 5, 1005)),
  ]),
  helpfulness: boardOf('helpfulness', [
    rowOf('wide', at(3, 2, 4, 1050)),
    rowOf('vague', at(5, 2, 9, 1000)),
    rowOf('even', at(4, 3, 5, 1004)),
    rowOf('lost', { rank: null, rating: null, status: 'unbounded-below' }),
  ]),
  language: boardOf('language', [
    rowOf('wide', at(1, 1, 2, 1200)),
    rowOf('vague', at(10, 3, 10, 990)),
    rowOf('even', at(4, 3, 5, 1003)),
  ]),
}

describe('boards side by side', () => {
  it('hold every model of any board', () => {
    expect(compareBoards(boards).map(({ model }) => model.slug)).toEqual([
      'wide',
      'vague',
      'even',
      'lost',
    ])
    const rows = new Map(compareBoards(boards).map((row) => [row.model.slug, row]))
    expect(rows.get('wide') && spreadOf(rows.get('wide')!)).toBe(8)
    expect(rows.get('lost') && spreadOf(rows.get('lost')!)).toBeNull()
  })

  it('put clear disagreements before wide but doubtful ones, and leave out who is not rated', () => {
    const found = disagreements(boards, 'places')
    expect(found.map(({ model, clear, spread }) => [model.slug, clear, spread])).toEqual([
      ['wide', true, 8],
      ['vague', false, 9],
      ['even', false, 0],
    ])
    expect(found[0]).toMatchObject({ best: 'language', worst: 'accuracy' })
  })

  it('are measured in points as well, by their own intervals', () => {
    const found = disagreements(boards, 'points')
    expect(found.map(({ model, clear, spread }) => [model.slug, clear, spread])).toEqual([
      ['wide', true, 300],
      ['vague', true, 110],
      ['even', false, 2],
    ])
  })

  it('call nothing clear where there are no intervals', () => {
    const bare = Object.fromEntries(
      Object.entries(boards).map(([name, board]) => [
        name,
        board && {
          ...board,
          rows: board.rows.map((row) => ({
            ...row,
            rankLow: null,
            rankHigh: null,
            ciLow: null,
            ciHigh: null,
          })),
        },
      ]),
    ) as Boards
    expect(disagreements(bare, 'places').some(({ clear }) => clear)).toBe(false)
    expect(disagreements(bare, 'points').some(({ clear }) => clear)).toBe(false)
  })

  it('are said in a sentence', () => {
    const { disagree } = boardTexts
    expect(disagree.places('language', 1, 'accuracy', 9)).toBe(
      'First in language, ninth in accuracy',
    )
    expect(disagree.places('language', 2, 'accuracy', 23)).toBe(
      'Second in language, 23rd in accuracy',
    )
    expect(disagree.places('language', 4, 'accuracy', 4)).toBe('Fourth in all three')
    expect(disagree.points('language', 'accuracy', 1.2)).toBe(
      '1 point more in language than in accuracy',
    )
  })
})
