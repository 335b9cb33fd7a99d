import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { sql } from 'kysely'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { createBattleRepository } from '../../../server/battles/repository.ts'
import { openDatabase, type Database } from '../../../server/database/database.ts'
import { createVoteRepository, type NewVote } from '../../../server/votes/repository.ts'
import { VoteLog } from '../../../server/votes/vote-log.ts'
import {
  arenaSettings,
  registerModels,
  startArenaProcess,
} from '../../support/load/arena-process.ts'
import { connect, Listener, newVisitor } from '../../support/arena/client.ts'
import { startMockProvider } from '../../support/arena/mock-provider.ts'

const SYNCHRONOUS_FULL = 2
const VERDICTS = { accuracy: 'a', helpfulness: 'tie', language: 'skip' } as const

let folder: string
let file: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trivium-durability-'))
  file = join(folder, 'arena.db')
  return () => rm(folder, { recursive: true, force: true })
})

async function open(): Promise<Database> {
  const db = await openDatabase({ dialect: 'sqlite', path: file })
  onTestFinished(() => db.kysely.destroy())
  return db
}

async function pragma(db: Database, name: string): Promise<unknown> {
  const { rows } = await sql`pragma ${sql.raw(name)}`.execute(db.kysely)
  return Object.values(rows[0] as object)[0]
}

async function seedBattles(db: Database, count: number): Promise<NewVote[]> {
  const battles = createBattleRepository(db)
  const votes: NewVote[] = []
  for (let index = 0; index < count; index += 1) {
    const id = `battle-${index}`
    const seats = { slug_a: 'alpha', version_a: 1, slug_b: 'beta', version_b: 1 }
    const common = { ...seats, pair_probability: 1, category: 'uncategorized', created_at: index }
    await battles.insert(
      {
        ...common,
        id,
        visitor: 'v',
        client_key: null,
        language: 'und',
        last_turn_at: index,
        classifier: null,
      },
      'A question',
    )
    const who = {
      battle_id: id,
      voter: 'v',
      judge: 'human',
      prompt_language: 'und',
      turns: 1,
      style: null,
    }
    votes.push({ ...common, ...who, ...VERDICTS, id: `vote-${index}` })
  }
  return votes
}

describe('the database', () => {
  test('syncs every commit, also when an existing file is opened again', async () => {
    for (const time of ['new', 'existing', 'existing again']) {
      const db = await openDatabase({ dialect: 'sqlite', path: file })
      expect([time, await pragma(db, 'journal_mode')]).toEqual([time, 'wal'])
      expect([time, await pragma(db, 'synchronous')]).toEqual([time, SYNCHRONOUS_FULL])
      await db.kysely.destroy()
    }
  })
})

describe('the vote log', () => {
  test('votes of one turn of the loop share one commit, in order, with no gap', async () => {
    const db = await open()
    const votes = await seedBattles(db, 120)
    const repository = createVoteRepository(db)
    const batches: number[] = []
    const ends: number[] = []
    const log = new VoteLog(
      {
        append(batch) {
          batches.push(batch.length)
          return repository.append(batch)
        },
      },
      (last) => ends.push(last),
    )
    const appended = await Promise.all(votes.map((vote) => log.append(vote)))
    expect(batches).toEqual([120])
    expect(ends).toEqual([120])
    expect(appended).toEqual(votes.map((_, index) => ({ position: index + 1 })))
    expect((await repository.readAfter(0, 1000)).map(({ id }) => id)).toEqual(
      votes.map(({ id }) => id),
    )
  })

  test('a second vote of a battle is left out, and takes no position', async () => {
    const db = await open()
    const [first, second] = await seedBattles(db, 2)
    if (first === undefined || second === undefined) throw new Error('two battles')
    const log = new VoteLog(createVoteRepository(db), () => undefined)
    await log.append(first)
    const again = await Promise.all([log.append({ ...first, id: 'other' }), log.append(second)])
    expect(again).toEqual(['duplicate', { position: 2 }])
  })

  test('what cannot be written is refused as a whole, and the log goes on', async () => {
    const db = await open()
    const votes = await seedBattles(db, 3)
    const log = new VoteLog(createVoteRepository(db), () => undefined)
    await sql`create trigger full before insert on votes begin
      select raise(abort, 'no space'); end`.execute(db.kysely)
    const refused = await Promise.allSettled(votes.map((vote) => log.append(vote)))
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await sql`drop trigger full`.execute(db.kysely)
    expect(await Promise.all(votes.map((vote) => log.append(vote)))).toEqual(
      votes.map((_, index) => ({ position: index + 1 })),
    )
  })
})

/** An arena with one battle that waits for its vote. */
async function answeredBattle() {
  const provider = await startMockProvider()
  onTestFinished(() => provider.close())
  const arena = startArenaProcess(arenaSettings(file))
  onTestFinished(() => arena.kill())
  const url = await arena.ready
  await registerModels(url, provider.baseUrl, ['alpha', 'beta'])
  const socket = await connect(url, await newVisitor(url))
  onTestFinished(() => void socket.disconnect())
  const heard = new Listener(socket)
  const started = await socket.emitWithAck('battle:start', { prompt: 'Who are you?' })
  if (!started.ok) throw new Error(started.error.code)
  await heard.bothEnded()
  return { url, socket, vote: { battleId: started.battleId, verdicts: VERDICTS } }
}

describe('the arena', () => {
  test('answers the same vote, sent many times at once, with one receipt', async () => {
    const { socket, vote } = await answeredBattle()
    const receipts = await Promise.all(
      Array.from({ length: 4 }, () => socket.emitWithAck('battle:vote', vote)),
    )
    expect(receipts[0]).toMatchObject({ ok: true })
    for (const receipt of receipts) expect(receipt).toEqual(receipts[0])
    const other = { ...vote, verdicts: { ...VERDICTS, accuracy: 'b' as const } }
    expect(await socket.emitWithAck('battle:vote', other)).toMatchObject({
      ok: false,
      error: { code: 'already_voted' },
    })
  })

  test('refuses votes while another process holds the database, and takes them after', async () => {
    const { url, socket, vote } = await answeredBattle()
    const other = new BetterSqlite(file)
    onTestFinished(() => void other.close())
    other.exec('begin immediate')
    const refused = await socket.emitWithAck('battle:vote', vote)
    expect(refused).toMatchObject({ ok: false, error: { code: 'unavailable', retryable: true } })
    other.exec('commit')

    const taken = await socket.emitWithAck('battle:vote', vote)
    expect(taken).toMatchObject({ ok: true })
    expect(await socket.emitWithAck('battle:vote', vote)).toEqual(taken)
    const board = await fetch(`${url}/api/v1/leaderboard?dimension=accuracy`)
    expect(await board.json()).toMatchObject({ votes: 1 })
  }, 60_000)
})
