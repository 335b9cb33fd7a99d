import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPublisher } from '../../../../server/ratings/publisher.ts'
import {
  sliceSchema,
  type Board,
  type BoardUpdate,
} from '../../../../shared/schemas/leaderboard.ts'
import { boardsInProcess } from '../../../support/ratings/in-process.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const INTERVAL_MS = 200

function newStage() {
  const { boards, vote } = boardsInProcess()
  const sent: BoardUpdate[] = []
  const followers = new Set<string>()
  let failures = 0
  const publisher = createPublisher({
    boards: {
      board(slice) {
        if (failures === 0) return boards.board(slice)
        failures -= 1
        return Promise.reject(new Error('no worker'))
      },
    },
    send: (_room, update) => void sent.push(update),
    hasFollowers: (room) => followers.has(room),
    log: pino({ level: 'silent' }),
  })
  return {
    boards,
    sent,
    followers,
    fail: (times: number) => void (failures = times),
    follow: (query: object): Promise<Board | undefined> => {
      const slice = sliceSchema.parse(query)
      followers.add(publisher.roomOf(slice))
      return publisher.follow(slice)
    },
    vote: () => {
      vote({})
      publisher.changed()
    },
    tick: () => vi.advanceTimersByTimeAsync(INTERVAL_MS),
  }
}

test('many votes are one push, with the rows that changed since the one before', async () => {
  const { sent, follow, vote, tick } = newStage()
  const followed = await follow({ dimension: 'accuracy' })
  for (let n = 0; n < 50; n += 1) vote()
  expect(sent).toEqual([])
  await tick()
  expect(sent).toMatchObject([{ since: followed?.version, votes: 50 }])
  expect(sent[0]?.rows.map(({ model }) => model.slug)).toEqual(['x', 'y'])
  vote()
  await tick()
  expect(sent[1]).toMatchObject({ since: sent[0]?.version, votes: 51 })
  expect(sent[1]?.version).toBeGreaterThan(sent[0]?.version ?? 0)
})

test('a board on which nothing moved is pushed without rows, so that its readers stay in step', async () => {
  const { sent, follow, vote, tick } = newStage()
  await follow({ dimension: 'helpfulness' })
  vote()
  await tick()
  expect(sent).toMatchObject([{ rows: [], votes: 0 }])
})

test('who joins while a push is under way holds what everybody holds', async () => {
  const { sent, follow, vote, tick } = newStage()
  await follow({ dimension: 'accuracy' })
  vote()
  const joining = follow({ dimension: 'accuracy' })
  vote()
  await tick()
  let held = (await joining)?.version ?? 0
  vote()
  await tick()
  for (const { since, version } of sent.filter((update) => update.version > held)) {
    expect(since).toBeLessThanOrEqual(held)
    held = version
  }
  expect(sent.at(-1)).toMatchObject({ votes: 3, version: held })
})

test('a push that failed is made up for', async () => {
  const { sent, follow, vote, tick, fail } = newStage()
  const followed = await follow({})
  fail(1)
  vote()
  await tick()
  expect(sent).toEqual([])
  await tick()
  expect(sent).toMatchObject([{ since: followed?.version, votes: 1 }])
})

test('readers with weights of their own never keep others from the usual boards', async () => {
  const { follow } = newStage()
  for (let n = 1; n <= 64; n += 1) expect(await follow({ weights: `accuracy:${n}` })).toBeDefined()
  expect(await follow({ weights: 'accuracy:65' })).toBeUndefined()
  for (const dimension of ['overall', 'accuracy', 'helpfulness', 'language']) {
    expect(await follow({ dimension })).toBeDefined()
  }
})

test('a board that nobody follows any more makes room for another', async () => {
  const { follow, followers } = newStage()
  for (let n = 1; n <= 64; n += 1) await follow({ weights: `accuracy:${n}` })
  followers.clear()
  expect(await follow({ weights: 'accuracy:65' })).toBeDefined()
})
