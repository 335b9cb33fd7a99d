import { pino } from 'pino'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Projector } from '../../../server/ratings/projector.ts'
import { checkRatings } from '../../../server/ratings/rebuild.ts'
import { createRatingsRepository } from '../../../server/ratings/repository.ts'
import { createVoteRepository } from '../../../server/votes/repository.ts'
import { VoteLog } from '../../../server/votes/vote-log.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/database/temporary.ts'
import { insertBattles, sampleVote } from '../../support/database/votes.ts'

/** `PRAGMA synchronous` in SQLite's numbers. */
const NORMAL = 1
const FULL = 2
const VOTES = 600

let temporary: TemporaryDatabase

beforeEach(async () => {
  temporary = await openTemporaryDatabase()
  const ids = Array.from({ length: VOTES }, (_, n) => `battle-${n}`)
  await insertBattles(temporary.db, ids)
  const { kysely } = temporary.db
  // Within the writing transaction itself, where the setting can no longer be changed.
  await sql`create temp table seen (what text, synchronous integer)`.execute(kysely)
  for (const table of ['votes', 'vote_effects']) {
    await sql
      .raw(
        `create temp trigger see_${table} after insert on main.${table}
        begin insert into seen select '${table}', synchronous from pragma_synchronous; end`,
      )
      .execute(kysely)
  }
})
afterEach(() => temporary.remove())

async function seen(what: string): Promise<unknown[]> {
  const { kysely } = temporary.db
  const { rows } = await sql<{ synchronous: number }>`
    select distinct synchronous from seen where what = ${what}`.execute(kysely)
  return rows.map(({ synchronous }) => synchronous)
}

async function synchronousNow(): Promise<unknown> {
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(
    temporary.db.kysely,
  )
  return rows[0]?.synchronous
}

/** An arena's votes and the projector behind them, on one connection. */
async function start() {
  const votes = createVoteRepository(temporary.db)
  const ratings = createRatingsRepository(temporary.db)
  const log = pino({ level: 'silent' })
  const projector = new Projector({ votes, ratings, log, onChange: () => undefined })
  await projector.load()
  await projector.start()
  const voteLog = new VoteLog(votes, (last, rows) => projector.wake(last, rows))
  return { votes, ratings, projector, voteLog }
}

test('votes are committed to the disk while what they did is saved without waiting for it', async () => {
  const { votes, ratings, projector, voteLog } = await start()
  const appended: Promise<unknown>[] = []
  for (let n = 0; n < VOTES; n += 1) {
    appended.push(voteLog.append(sampleVote(n)))
    // Saves are on their way when the next votes come.
    if (n % 40 === 39) {
      void projector.save()
      await appended.at(-1)
    }
  }
  await Promise.all(appended)
  await projector.stop()
  expect(await seen('votes')).toEqual([FULL])
  expect(await seen('vote_effects')).toEqual([NORMAL])
  expect(await synchronousNow()).toBe(FULL)
  expect(await checkRatings({ votes, ratings })).toEqual({ position: VOTES, difference: undefined })
})

test('a save that fails leaves no vote unsynced, and is made up for', async () => {
  const { votes, ratings, projector, voteLog } = await start()
  const { kysely } = temporary.db
  await sql`create temp trigger full before insert on main.vote_effects
    begin select raise(abort, 'no space'); end`.execute(kysely)
  await voteLog.append(sampleVote(0))
  await projector.save()
  expect(await ratings.loadEffect(1)).toBeUndefined()
  expect(await synchronousNow()).toBe(FULL)
  const saving = projector.save()
  await Promise.all([saving, voteLog.append(sampleVote(1)), voteLog.append(sampleVote(2))])
  expect(await seen('votes')).toEqual([FULL])

  await sql`drop trigger full`.execute(kysely)
  await projector.stop()
  expect(await seen('vote_effects')).toEqual([NORMAL])
  expect(await synchronousNow()).toBe(FULL)
  expect(await checkRatings({ votes, ratings })).toEqual({ position: 3, difference: undefined })
})
