import { expect, test } from 'vitest'
import type { NewVote } from '../../../../server/votes/repository.ts'
import { VoteLog } from '../../../../server/votes/vote-log.ts'

const vote = (id: string): NewVote => ({
  id,
  battle_id: `battle of ${id}`,
  voter: 'voter',
  judge: 'human',
  accuracy: 'a',
  helpfulness: 'tie',
  language: 'skip',
  slug_a: 'x',
  version_a: 1,
  slug_b: 'y',
  version_b: 1,
  pair_probability: 1,
  prompt_language: 'und',
  category: 'uncategorized',
  created_at: 0,
  turns: 1,
  style: null,
})

/** A log in memory that records how votes were grouped. */
function recordingRepository() {
  const batches: string[][] = []
  let position = 0
  return {
    batches,
    append(batch: readonly NewVote[]) {
      batches.push(batch.map(({ id }) => id))
      return Promise.resolve(new Map(batch.map(({ id }) => [id, (position += 1)])))
    },
  }
}

test('votes of one turn of the event loop share one commit', async () => {
  const repository = recordingRepository()
  const told: number[] = []
  const log = new VoteLog(repository, (last) => told.push(last))
  const ids = Array.from({ length: 20 }, (_, index) => `v${index}`)
  const appended = await Promise.all(ids.map((id) => log.append(vote(id))))
  expect(repository.batches).toEqual([ids])
  expect(appended).toEqual(ids.map((_, index) => ({ position: index + 1 })))
  expect(told).toEqual([20])
})

test('a large crowd is split into batches of 500, in order', async () => {
  const repository = recordingRepository()
  const log = new VoteLog(repository, () => undefined)
  await Promise.all(Array.from({ length: 1201 }, (_, index) => log.append(vote(`v${index}`))))
  expect(repository.batches.map(({ length }) => length)).toEqual([500, 500, 201])
})

test('a vote is not answered before the commit, and one that failed is not answered at all', async () => {
  const store: { commit?: (() => void) | undefined } = {}
  const commit = () => store.commit?.()
  let fail = false
  const log = new VoteLog(
    {
      append: async (batch) => {
        await new Promise<void>((resolve) => (store.commit = resolve))
        if (fail) throw new Error('disk full')
        return new Map(batch.map(({ id }) => [id, 1]))
      },
    },
    () => undefined,
  )
  let answered = false
  const first = log.append(vote('one')).then((appended) => {
    answered = true
    return appended
  })
  await expect.poll(() => store.commit).toBeDefined()
  expect(answered).toBe(false)
  commit()
  expect(await first).toEqual({ position: 1 })

  fail = true
  store.commit = undefined
  const second = log.append(vote('two'))
  const refused = second.catch((cause: unknown) => cause)
  await expect.poll(() => store.commit).toBeDefined()
  commit()
  expect(await refused).toMatchObject({ message: 'disk full' })

  // The log goes on after a failure.
  fail = false
  store.commit = undefined
  const third = log.append(vote('three'))
  await expect.poll(() => store.commit).toBeDefined()
  commit()
  expect(await third).toEqual({ position: 1 })
})

test('what the store leaves out was there before', async () => {
  const log = new VoteLog({ append: () => Promise.resolve(new Map()) }, () => undefined)
  expect(await log.append(vote('again'))).toBe('duplicate')
})
