import { afterEach, beforeEach, expect, test } from 'vitest'
import { CLASSIFIER } from '../../../server/classification/classifier.ts'
import { reclassify } from '../../../server/classification/reclassify.ts'
import { createClassificationRepository } from '../../../server/classification/repository.ts'
import { createVoteRepository } from '../../../server/votes/repository.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/database/temporary.ts'
import { insertBattles, sampleVote } from '../../support/database/votes.ts'

// More than one chunk.
const COUNT = 1203

let temporary: TemporaryDatabase

beforeEach(async () => {
  temporary = await openTemporaryDatabase()
  const numbers = Array.from({ length: COUNT }, (_, n) => n)
  const { db } = temporary
  for (let from = 0; from < COUNT; from += 500) {
    const some = numbers.slice(from, from + 500)
    await insertBattles(
      db,
      some.map((n) => `battle-${n}`),
    )
    await db.kysely
      .insertInto('turns')
      .values(
        some.flatMap((n) => [
          {
            battle_id: `battle-${n}`,
            turn: 1,
            prompt: n % 2 === 0 ? 'hi' : 'Was ist der Unterschied zwischen Wetter und Klima?',
            created_at: 0,
          },
          {
            battle_id: `battle-${n}`,
            turn: 2,
            prompt: 'Write a short poem about the sea in autumn',
            created_at: 0,
          },
        ]),
      )
      .execute()
    await createVoteRepository(db).append(some.map((n) => sampleVote(n)))
  }
})
afterEach(() => temporary.remove())

test('every battle is filed by its first prompt, and its vote with it, once', async () => {
  const { db } = temporary
  const repository = createClassificationRepository(db)
  const before = await db.kysely.selectFrom('votes').selectAll().execute()
  const all = { battles: COUNT, filedAnew: COUNT, stampedAnew: 0 }
  expect(await reclassify(repository)).toEqual(all)
  expect(await db.kysely.selectFrom('votes').selectAll().execute()).toEqual(before)

  expect(await reclassify(repository, (battles) => repository.file(battles))).toEqual(all)
  const votes = await createVoteRepository(db).readAfter(0, COUNT)
  for (const [index, vote] of votes.entries()) {
    const slice = index % 2 === 0 ? ['und', 'other'] : ['de', 'knowledge']
    expect([vote.prompt_language, vote.category]).toEqual(slice)
    // Nothing else of the log has changed.
    expect({ ...vote, prompt_language: 'und', category: 'uncategorized' }).toEqual(before[index])
  }
  expect(await reclassify(repository)).toEqual({ battles: COUNT, filedAnew: 0, stampedAnew: 0 })
})

test('a vote filed otherwise than its battle, and another classifier, are found and put right', async () => {
  const { db } = temporary
  const repository = createClassificationRepository(db)
  await reclassify(repository, (battles) => repository.file(battles))
  const { kysely } = db
  await kysely.updateTable('votes').set({ category: 'code' }).where('position', '=', 7).execute()
  await kysely
    .updateTable('battles')
    .set({ classifier: 'older' })
    .where('id', 'in', ['battle-1', 'battle-2'])
    .execute()
  const found = { battles: COUNT, filedAnew: 1, stampedAnew: 2 }
  expect(await reclassify(repository, (battles) => repository.file(battles))).toEqual(found)
  expect((await reclassify(repository)).filedAnew).toBe(0)
  const classifiers = await kysely.selectFrom('battles').select('classifier').distinct().execute()
  expect(classifiers).toEqual([{ classifier: CLASSIFIER }])
})
