import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Projector } from '../../../server/ratings/projector.ts'
import { checkRatings, rebuildRatings } from '../../../server/ratings/rebuild.ts'
import { createRatingsRepository } from '../../../server/ratings/repository.ts'
import { createVoteRepository } from '../../../server/votes/repository.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/database/temporary.ts'
import { insertBattles, sampleVote } from '../../support/database/votes.ts'

let temporary: TemporaryDatabase

beforeEach(async () => {
  temporary = await openTemporaryDatabase()
  const ids = Array.from({ length: 1300 }, (_, n) => `battle-${n}`)
  await insertBattles(temporary.db, ids)
})
afterEach(() => temporary.remove())

const log = pino({ level: 'silent' })

function repositories() {
  return {
    votes: createVoteRepository(temporary.db),
    ratings: createRatingsRepository(temporary.db),
  }
}

async function newProjector() {
  const projector = new Projector({ ...repositories(), log, onChange: () => undefined })
  await projector.load()
  await projector.start()
  return projector
}

const votes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => sampleVote(from + index))

test('a projector that was stopped anywhere ends with the bits of one that was not', async () => {
  const { votes: rows } = repositories()
  const first = await newProjector()
  let last = 0
  for (const [from, to] of [
    [0, 1],
    [1, 50],
    [50, 700],
  ] as const) {
    const positions = await rows.append(votes(from, to))
    last = Math.max(...positions.values())
    first.wake(last)
  }
  await first.stop()
  const second = await newProjector()
  await rows.append(votes(700, 1300))
  second.wake(1300)
  await second.stop()
  expect(second.position).toBe(1300)

  expect(await checkRatings(repositories())).toEqual({ position: 1300, difference: undefined })
})

test('positions are given in commit order, without gaps, and a battle has one vote of a voter', async () => {
  const { votes: rows } = repositories()
  const positions = await rows.append([sampleVote(3), sampleVote(1)])
  expect([...positions]).toEqual([
    ['vote-3', 1],
    ['vote-1', 2],
  ])
  const again = await rows.append([
    { ...sampleVote(1), id: 'second vote on the same battle' },
    sampleVote(2),
  ])
  expect([...again]).toEqual([['vote-2', 3]])
  expect((await rows.readAfter(0, 10)).map(({ id }) => id)).toEqual(['vote-3', 'vote-1', 'vote-2'])
})

test('a log row reads back as it was written', async () => {
  const { votes: rows } = repositories()
  const vote = { ...sampleVote(4), pair_probability: 0.1 + 0.2, voter: 'Zoë "quoted" \\ 名' }
  await rows.append([vote])
  expect(await rows.readAfter(0, 1)).toEqual([{ position: 1, ...vote }])
})

test('a receipt waits for its vote to be counted, says the same for ever, and can time out', async () => {
  const { votes: rows, ratings } = repositories()
  const projector = await newProjector()
  await rows.append(votes(0, 3))
  const early = await projector.effectOf(2, 2000)
  expect(early?.a.accuracy.before).toBeTypeOf('number')
  await projector.stop()
  expect(JSON.parse((await ratings.loadEffect(2)) ?? '')).toEqual(early)
  const next = await newProjector()
  expect(await next.effectOf(2, 0)).toEqual(early)
  expect(await next.effectOf(99, 10)).toBeNull()
  await next.stop()
})

test('the check names the first difference, and a rebuild removes it', async () => {
  const { votes: rows } = repositories()
  const projector = await newProjector()
  await rows.append(votes(0, 40))
  projector.wake(40)
  await projector.stop()
  const { kysely } = temporary.db
  await kysely
    .updateTable('standings')
    .set((eb) => ({ elo: eb('elo', '+', 1e-12 * 1000) }))
    .where('slug', '=', 'm1')
    .where('dimension', '=', 'accuracy')
    .execute()
  expect((await checkRatings(repositories())).difference).toMatch(/^accuracy, m1: stored/)
  await rebuildRatings(repositories())
  expect(await checkRatings(repositories())).toEqual({ position: 40, difference: undefined })

  await kysely.deleteFrom('vote_effects').where('position', '=', 7).execute()
  expect((await checkRatings(repositories())).difference).toBe('vote 7: no changes are stored')
  await rebuildRatings(repositories())

  await kysely.updateTable('projections').set({ engine: 'older' }).execute()
  expect((await checkRatings(repositories())).difference).toMatch(/engine older/)
  const renewed = await newProjector()
  await renewed.stop()
  expect(await checkRatings(repositories())).toEqual({ position: 40, difference: undefined })
})

test('a rebuild beside a running projector disturbs neither', async () => {
  const { votes: rows } = repositories()
  const projector = await newProjector()
  await rows.append(votes(0, 30))
  projector.wake(30)
  await projector.save()
  await rows.append(votes(30, 60))
  await rebuildRatings(repositories())
  // Its step no longer fits what is stored: it takes that up and goes on.
  projector.wake(60)
  await projector.save()
  await rows.append(votes(60, 90))
  projector.wake(90)
  await projector.stop()
  expect(await checkRatings(repositories())).toEqual({ position: 90, difference: undefined })
})

test('a rebuild that was overtaken by a vote takes it in, and its receipt stays', async () => {
  const { votes: rows, ratings } = repositories()
  const projector = await newProjector()
  await rows.append(votes(0, 20))
  projector.wake(20)
  let overtaken = false
  await rebuildRatings({
    votes: rows,
    ratings: {
      ...ratings,
      async replace(...step) {
        if (!overtaken) {
          overtaken = true
          await rows.append(votes(20, 21))
          projector.wake(21)
          await projector.save()
        }
        return ratings.replace(...step)
      },
    },
  })
  expect(await projector.effectOf(21, 0)).not.toBeNull()
  await projector.stop()
  expect(await checkRatings(repositories())).toEqual({ position: 21, difference: undefined })
})

test('stored ratings without their progress are a difference', async () => {
  const { votes: rows } = repositories()
  const projector = await newProjector()
  await rows.append(votes(0, 5))
  projector.wake(5)
  await projector.stop()
  await temporary.db.kysely.deleteFrom('projections').execute()
  expect((await checkRatings(repositories())).difference).toMatch(/vote 1 has stored changes/)
})
