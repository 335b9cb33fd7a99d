import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RatingWorker, type Put } from '../../../server/ratings/worker-client.ts'
import { ratingWorkerProgram } from '../../../server/ratings/worker-program.ts'
import { createVoteRepository } from '../../../server/votes/repository.ts'
import { sliceSchema, type Board } from '../../../shared/schemas/leaderboard.ts'
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/database/temporary.ts'
import { insertBattles, sampleVote } from '../../support/database/votes.ts'

let temporary: TemporaryDatabase
let folder: string
const workers: RatingWorker[] = []

beforeEach(async () => {
  temporary = await openTemporaryDatabase()
  folder = await mkdtemp(join(tmpdir(), 'trivium-worker-'))
  await insertBattles(
    temporary.db,
    Array.from({ length: 50 }, (_, n) => `battle-${n}`),
  )
})
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop()
  await rm(folder, { recursive: true })
  await temporary.remove()
})

const votes = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => sampleVote(from + index))

function startWorker(program: string) {
  const logged: string[] = []
  const worker = new RatingWorker({
    program,
    settings: () => ({
      database: { dialect: 'sqlite', path: temporary.path },
      historyPosition: 0,
    }),
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    onNews: () => undefined,
  })
  workers.push(worker)
  worker.start()
  return { worker, logged }
}

const put = (position: number): Put => ({
  question: {
    wish: { what: 'board', slice: sliceSchema.parse({}), format: 'json' },
    stamp: { version: 7, generatedAt: 'now' },
  },
  position,
})

/** A worker's program that ends when it is asked, as often as its file says. */
async function mortalProgram(deaths: number): Promise<string> {
  const path = join(folder, 'worker.mjs')
  await writeFile(join(folder, 'deaths'), String(deaths))
  await writeFile(
    path,
    `import { readFileSync, writeFileSync } from 'node:fs'
     import { parentPort } from 'node:worker_threads'
     const file = new URL('./deaths', import.meta.url)
     parentPort.on('message', (message) => {
       if (message.kind === 'stop') process.exit(0)
       if (message.kind !== 'ask') return
       const deaths = Number(readFileSync(file, 'utf8'))
       if (deaths > 0) {
         writeFileSync(file, String(deaths - 1))
         throw new Error('out of memory')
       }
       const body = new TextEncoder().encode('alive')
       parentPort.postMessage({ kind: 'answer', id: message.id, body, etag: 'e' })
     })`,
  )
  return path
}

test('a board counts every vote up to the position it was asked for, handed on or not', async () => {
  const rows = createVoteRepository(temporary.db)
  await rows.append(votes(0, 20))
  const { worker } = startWorker(await ratingWorkerProgram())
  const votesAt = async (position: number) => {
    const { body } = await worker.ask(() => put(position), 'patient')
    return (JSON.parse(Buffer.from(body).toString()) as Board).votes
  }
  expect(await votesAt(20)).toBe(20)
  await rows.append(votes(20, 30))
  worker.count(await rows.readForRating(20, 10))
  expect(await votesAt(30)).toBe(30)
  // Nothing was said of these; and these overlap and leave a gap.
  await rows.append(votes(30, 35))
  expect(await votesAt(35)).toBe(35)
  await rows.append(votes(35, 50))
  worker.count([...(await rows.readForRating(33, 4)), ...(await rows.readForRating(44, 6))])
  expect(await votesAt(0)).toBe(50)
})

test('models are shown under the names that were last told', async () => {
  await createVoteRepository(temporary.db).append(votes(0, 20))
  const { worker } = startWorker(await ratingWorkerProgram())
  worker.name([{ slug: 'm1', name: 'First', organization: 'Maker', license: 'MIT' }])
  const { body } = await worker.ask(() => put(20), 'urgent')
  const { rows } = JSON.parse(Buffer.from(body).toString()) as Board
  const names = rows.map(({ model }) => model.name)
  expect(names).toContain('First')
  expect(names).toContain('m2')
})

test('a worker that died is replaced, and answers what the dead one was asked', async () => {
  const { worker, logged } = startWorker(await mortalProgram(1))
  const { body } = await worker.ask(() => put(0), 'patient')
  expect(Buffer.from(body).toString()).toBe('alive')
  expect(logged.join()).toContain('out of memory')
  expect(logged.join()).toContain('reads the log anew')
})

test('a question that no worker survives is refused, and others are answered after it', async () => {
  const { worker } = startWorker(await mortalProgram(2))
  const deadly = worker.ask(() => put(0), 'patient')
  await expect(deadly).rejects.toMatchObject({ failure: { code: 'unavailable' } })
  const { body } = await worker.ask(() => put(0), 'patient')
  expect(Buffer.from(body).toString()).toBe('alive')
})

test('too many questions at once are refused, and so are all after the end', async () => {
  const { worker } = startWorker(await mortalProgram(0))
  const asked = Array.from({ length: 300 }, () => worker.ask(() => put(0), 'patient'))
  const outcomes = await Promise.allSettled(asked)
  expect(outcomes.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(50)
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(100)
  await worker.stop()
  await expect(worker.ask(() => put(0), 'patient')).rejects.toMatchObject({
    failure: { code: 'unavailable' },
  })
})
