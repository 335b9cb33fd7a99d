import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RatedModel } from '../../../shared/ratings/rate.ts'
import type { Board, BoardRow } from '../../../shared/schemas/leaderboard.ts'
import { startArena, type TestArena } from '../../support/arena/arena.ts'
import { sampleVotes, seedVotes } from '../../support/arena/seed-votes.ts'
import { rated, voteFolder, type VoteFolder } from '../ratings-command/support.ts'

// The live board and the one from `npm run ratings` on the exported log are the same to the last
// digit: both are made by the same code from equal counts.

const SLUGS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta', 'eta']

let arena: TestArena
let folder: VoteFolder

beforeAll(async () => {
  const empty = await startArena()
  await empty.close()
  seedVotes(empty.folder, sampleVotes(SLUGS, 2000, 5))
  arena = await startArena({}, empty.folder)
  folder = await voteFolder()
  for (const format of ['jsonl', 'csv', 'parquet']) {
    const answer = await fetch(`${arena.url}/api/v1/exports/votes?format=${format}`)
    const bytes = Buffer.from(await answer.arrayBuffer())
    files[format] = await folder.write(`votes.${format}`, bytes)
  }
})
afterAll(async () => {
  await folder.remove()
  await arena.close()
  await arena.remove()
})

const files: Record<string, string> = {}

async function live(query: string): Promise<Board> {
  return (await (await fetch(`${arena.url}/api/v1/leaderboard?${query}`)).json()) as Board
}

/** What both say of a model; every number as it is, since JSON tells doubles apart to the bit. */
const SAID = [
  ...(['rank', 'rankUb', 'rankLow', 'rankHigh', 'rating', 'se', 'ciLow', 'ciHigh', 'elo'] as const),
  ...(['votes', 'wins', 'losses', 'ties', 'bothBad', 'bothBadRate', 'bothBadLow'] as const),
  ...(['bothBadHigh', 'status', 'provisional'] as const),
]
const said = (row: BoardRow | RatedModel) => SAID.map((name) => [name, row[name]])

describe.each(['jsonl', 'csv', 'parquet'])('a board from the %s export', (format) => {
  test.each([
    ['dimension=accuracy', ['--dimension', 'accuracy']],
    ['dimension=helpfulness', ['--dimension', 'helpfulness']],
    ['dimension=language', ['--dimension', 'language']],
    ['', []],
    [
      'weights=accuracy:2,helpfulness:1,language:0.5',
      ['--weights', 'accuracy:2,helpfulness:1,language:0.5'],
    ],
    ['dimension=accuracy&style=true', ['--dimension', 'accuracy', '--style']],
    ['style=true', ['--style']],
    [
      'dimension=helpfulness&method=davidson',
      ['--dimension', 'helpfulness', '--method', 'davidson'],
    ],
    ['dimension=language&method=elo', ['--dimension', 'language', '--method', 'elo']],
    ['dimension=accuracy&judge=model', ['--dimension', 'accuracy', '--judge', 'model']],
    ['judge=expert', ['--judge', 'expert']],
  ])('equals the live one: %s', async (query, options) => {
    const board = await live(query)
    const report = await rated(files[format] ?? '', ...options)
    expect(report.board.models.map(({ model }) => model)).toEqual(
      board.rows.map(({ model }) => model.slug),
    )
    expect(board.rows.length).toBeGreaterThan(1)
    for (const [index, row] of report.board.models.entries()) {
      const shown = board.rows[index]
      if (shown !== undefined) expect(said(row), row.model).toEqual(said(shown))
    }
    expect(report.board.votes).toBe(board.votes)
    expect(report.board.nu).toBe(board.nu)
    expect(report.board.style).toEqual(board.styleEffects)
  })
})
