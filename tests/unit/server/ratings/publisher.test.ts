import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBoards } from '../../../../server/ratings/boards.ts'
import { createPublisher } from '../../../../server/ratings/publisher.ts'
import { Standings } from '../../../../shared/ratings/standings.ts'
import { sliceSchema, type BoardUpdate } from '../../../../shared/schemas/leaderboard.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const VOTE = {
  slugA: 'x',
  slugB: 'y',
  verdicts: { accuracy: 'a', helpfulness: 'skip', language: 'tie' },
} as const

function newStage() {
  const standings = new Standings()
  let version = 1
  const boards = createBoards({
    standings: () => standings,
    refOf: (slug) => ({ slug, name: slug, organization: '', license: '' }),
    versions: {
      get current() {
        return version
      },
      next: () => (version += 1),
    },
    now: () => 0,
  })
  const sent: BoardUpdate[] = []
  const followers = new Set<string>()
  const publisher = createPublisher({
    boards,
    send: (_room, update) => void sent.push(update),
    hasFollowers: (room) => followers.has(room),
  })
  const follow = (query: object) => {
    const followed = publisher.follow(sliceSchema.parse(query))
    if (followed !== undefined) followers.add(followed.room)
    return followed
  }
  const vote = () => {
    standings.apply(VOTE)
    boards.invalidate()
    publisher.changed()
  }
  return { boards, sent, followers, follow, vote }
}

test('many votes are one push, with the rows that changed since the one before', () => {
  const { sent, follow, vote } = newStage()
  const followed = follow({ dimension: 'accuracy' })
  for (let n = 0; n < 50; n += 1) vote()
  expect(sent).toEqual([])
  vi.advanceTimersByTime(300)
  expect(sent).toMatchObject([{ since: followed?.board.version, votes: 50 }])
  expect(sent[0]?.rows.map(({ model }) => model.slug)).toEqual(['x', 'y'])
  vote()
  vi.advanceTimersByTime(300)
  expect(sent[1]).toMatchObject({ since: sent[0]?.version, votes: 51 })
  expect(sent[1]?.version).toBeGreaterThan(sent[0]?.version ?? 0)
})

test('a board on which nothing moved is pushed without rows, so that its readers stay in step', () => {
  const { sent, follow, vote } = newStage()
  follow({ dimension: 'helpfulness' })
  vote()
  vi.advanceTimersByTime(300)
  expect(sent).toMatchObject([{ rows: [], votes: 0 }])
})

test('readers with weights of their own never keep others from the usual boards', () => {
  const { follow } = newStage()
  for (let n = 1; n <= 64; n += 1) expect(follow({ weights: `accuracy:${n}` })).toBeDefined()
  expect(follow({ weights: 'accuracy:65' })).toBeUndefined()
  for (const dimension of ['overall', 'accuracy', 'helpfulness', 'language']) {
    expect(follow({ dimension })).toBeDefined()
  }
})

test('a board that nobody follows any more makes room for another', () => {
  const { follow, followers } = newStage()
  for (let n = 1; n <= 64; n += 1) follow({ weights: `accuracy:${n}` })
  followers.clear()
  expect(follow({ weights: 'accuracy:65' })).toBeDefined()
})
