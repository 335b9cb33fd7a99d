import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHistoryRepository } from '../../../server/ratings/history-repository.ts'
import { checkHistory, rebuildHistory } from '../../../server/ratings/rebuild-history.ts'
import { RatingDesk } from '../../../server/ratings/worker-desk.ts'
import type { FromWorker } from '../../../server/ratings/worker-messages.ts'
import { createVoteRepository, type NewVote } from '../../../server/votes/repository.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/database/temporary.ts'
import { insertBattles, sampleVote } from '../../support/database/votes.ts'

const HOUR_MS = 3_600_000

let temporary: TemporaryDatabase

beforeEach(async () => {
  temporary = await openTemporaryDatabase()
  await insertBattles(
    temporary.db,
    Array.from({ length: 400 }, (_, n) => `battle-${n}`),
  )
})
afterEach(() => temporary.remove())

/** Votes three to the hour, so that 400 of them fill five days and a half. */
const votes = (from: number, to: number): NewVote[] =>
  Array.from({ length: to - from }, (_, index) => ({
    ...sampleVote(from + index),
    created_at: Date.UTC(2026, 0, 1) + Math.floor((from + index) / 3) * HOUR_MS,
  }))

const repositories = () => ({
  votes: createVoteRepository(temporary.db),
  history: createHistoryRepository(temporary.db),
})

/** A desk as the rating worker runs it, whose checkpoints are stored as the arena stores them. */
async function openDesk() {
  const { votes: rows, history } = repositories()
  let progress = await history.loadProgress()
  if (progress === undefined) {
    await history.replace('bt-1', [])
    progress = await history.loadProgress()
  }
  const told: FromWorker[] = []
  const desk = new RatingDesk({
    votes: rows,
    history,
    historyPosition: progress?.position ?? 0,
    now: () => 0,
    tell: (message) => void told.push(message),
  })
  await desk.load()
  let position = progress?.position ?? 0
  return {
    desk,
    told,
    settle: async () => {
      while (await desk.spareTime());
      for (const message of told.splice(0)) {
        if (message.kind !== 'checkpoint') continue
        expect(await history.append(position, message.checkpoint)).toBe(true)
        position = message.checkpoint.position
      }
    },
  }
}

const moments = async () => (await repositories().history.loadMoments()).map(({ at }) => at)

test('moments that passed while nobody looked are made up for, to the same bits', async () => {
  const { votes: rows } = repositories()
  await rows.append(votes(0, 150))
  const first = await openDesk()
  await first.settle()
  // Live: the next hours pass while the desk counts.
  await rows.append(votes(150, 210))
  await first.desk.count(await rows.readForRating(150, 60))
  await first.settle()
  expect(await checkHistory(repositories())).toBeUndefined()
  // The desk ends, votes go on, and another one begins.
  await rows.append(votes(210, 330))
  const second = await openDesk()
  await rows.append(votes(330, 400))
  await second.desk.count(await rows.readForRating(330, 70))
  await second.settle()
  expect(await checkHistory(repositories())).toBeUndefined()
  expect(await moments()).toHaveLength(Math.floor(399 / 3))
})

test('the days before the last week keep their last moment', async () => {
  const { votes: rows } = repositories()
  const spread = votes(0, 300).map((vote, n) => ({
    ...vote,
    created_at: Date.UTC(2026, 0, 1) + n * HOUR_MS,
  }))
  await rows.append(spread)
  const { settle } = await openDesk()
  await settle()
  const at = await moments()
  // 300 hours are twelve days and a half; the last hour has not ended.
  expect(at.slice(0, 6)).toEqual(
    Array.from({ length: 6 }, (_, day) => Date.UTC(2026, 0, day + 1, 23)),
  )
  expect(at.at(-1)).toBe(Date.UTC(2026, 0, 13, 10))
  expect(at).toHaveLength(6 + 6 * 24 + 11)
  expect(await checkHistory(repositories())).toBeUndefined()
})

test('the check names the first difference, and a rebuild removes it', async () => {
  const { votes: rows } = repositories()
  await rows.append(votes(0, 60))
  const { settle } = await openDesk()
  await settle()
  const { kysely } = temporary.db
  await kysely
    .updateTable('rating_history')
    .set((eb) => ({ elo: eb('elo', '+', 1e-9) }))
    .where('slug', '=', 'm1')
    .where('dimension', '=', 'language')
    .execute()
  expect(await checkHistory(repositories())).toMatch(
    /^history after vote \d+, language, m1: stored/,
  )
  await rebuildHistory(repositories())
  expect(await checkHistory(repositories())).toBeUndefined()

  await kysely.deleteFrom('rating_history').where('position', '=', 30).execute()
  expect(await checkHistory(repositories())).toMatch(/stored moment/)
  await rebuildHistory(repositories())
  await kysely.updateTable('projections').set({ engine: 'older' }).execute()
  expect(await checkHistory(repositories())).toMatch(/engine older/)
  await rebuildHistory(repositories())
  expect(await checkHistory(repositories())).toBeUndefined()
})

test('a clock that is set back ends no hour twice', async () => {
  const { votes: rows } = repositories()
  const back = votes(0, 30).map((vote, n) => ({
    ...vote,
    created_at: vote.created_at - (n % 7 === 6 ? 5 * HOUR_MS : 0),
  }))
  await rows.append(back)
  const { settle } = await openDesk()
  await settle()
  const at = await moments()
  expect(at).toEqual([...new Set(at)].toSorted((left, right) => left - right))
  expect(await checkHistory(repositories())).toBeUndefined()
})
