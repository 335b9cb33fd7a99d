import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, Migrator } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../../server/database/database.ts'
import { migrations } from '../../../server/database/migrations/index.ts'
import { openSqlite } from '../../../server/database/sqlite.ts'
import { createVoteRepository } from '../../../server/votes/repository.ts'

test('a database of the first version keeps its battles and votes, with what was unknown then', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'trivium-migrations-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'arena.db')
  const old = new Kysely<Record<string, Record<string, unknown>>>({ dialect: openSqlite(path) })
  const migrator = new Migrator({
    db: old,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  expect((await migrator.migrateTo('0001-initial')).error).toBeUndefined()
  const seats = { slug_a: 'x', version_a: 1, slug_b: 'y', version_b: 1, pair_probability: 0.5 }
  const battle = { id: 'battle', visitor: 'v', language: 'und', category: 'uncategorized' }
  const verdicts = { accuracy: 'a', helpfulness: 'tie', language: 'skip' }
  const who = { position: 1, id: 'vote', battle_id: 'battle', voter: 'v', judge: 'human' }
  const slice = { prompt_language: 'und', category: 'uncategorized', created_at: 7 }
  const vote = { ...seats, ...who, ...verdicts, ...slice }
  await old
    .insertInto('battles')
    .values({ ...battle, ...seats, created_at: 5, last_turn_at: 5 })
    .execute()
  await old.insertInto('votes').values(vote).execute()
  await old.destroy()

  const db = await openDatabase({ dialect: 'sqlite', path })
  onTestFinished(() => db.kysely.destroy())
  expect(await createVoteRepository(db).readAfter(0, 10)).toEqual([
    { ...vote, turns: 1, style: null },
  ])
  const stored = await db.kysely.selectFrom('battles').selectAll().executeTakeFirst()
  expect(stored).toMatchObject({ id: 'battle', classifier: null })
})
