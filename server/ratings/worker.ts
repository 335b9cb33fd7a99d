import { createHash } from 'node:crypto'
import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { openDatabase } from '../database/database.ts'
import { createVoteRepository } from '../votes/repository.ts'
import { createHistoryRepository } from './history-repository.ts'
import { decodeVotes } from '../votes/logged-vote.ts'
import { RatingDesk, reasonOf } from './worker-desk.ts'
import type { FromWorker, ToWorker, WorkerSettings } from './worker-messages.ts'

// The rating worker's program: a thread that reads the vote log through a database handle of its own,
// counts what the arena hands on, and answers for boards. Messages are handled one after the other.

/** How long after an answer the next question may come that belongs to it. */
const QUIET_MS = 10

const { database, historyPosition } = workerData as WorkerSettings
const port = parentPort as MessagePort

const db = await openDatabase(database, { readonly: true })
const desk = new RatingDesk({
  votes: createVoteRepository(db),
  history: createHistoryRepository(db),
  historyPosition,
  now: () => performance.now(),
  tell,
})

function tell(message: FromWorker): void {
  // What is large is handed over instead of copied.
  const handedOver =
    message.kind === 'answer'
      ? [message.body.buffer]
      : message.kind === 'information'
        ? [message.gains.buffer]
        : []
  port.postMessage(message, handedOver as ArrayBuffer[])
}

const inbox: ToWorker[] = []
let wake: () => void = () => undefined
port.on('message', (message: ToWorker) => {
  inbox.push(message)
  wake()
})

/** Resolves when there is a message, or after so many milliseconds. */
async function messageWithin(ms: number | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve) => {
    wake = resolve
    if (ms !== undefined) timer = setTimeout(resolve, ms)
  })
  clearTimeout(timer)
}

await desk.load()
let running = true
/** Questions come several at a time: what nobody waits for begins when no more have come. */
let quietUntil = 0
while (running) {
  const message = inbox.shift()
  if (message !== undefined) {
    running = await handle(message)
    if (message.kind === 'ask') quietUntil = performance.now() + QUIET_MS
  } else if (performance.now() < quietUntil) {
    await messageWithin(quietUntil - performance.now())
  } else if (await desk.spareTime()) {
    // What has come in meanwhile is read before the next piece of spare work.
    await new Promise<void>((resolve) => void setImmediate(resolve))
  } else if (inbox.length === 0) {
    await messageWithin(desk.busyIn())
  }
}
await db.kysely.destroy()
port.close()

async function handle(message: ToWorker): Promise<boolean> {
  switch (message.kind) {
    case 'votes':
      await desk.count(decodeVotes(message.votes))
      return true
    case 'names':
      desk.name(message.refs)
      return true
    case 'ask': {
      const { id, position, question } = message
      const { wish, stamp } = question
      if (wish.what === 'versions') {
        const { answer } = await desk.take(wish, position)
        void reply(id, answer)
      } else await reply(id, desk.answer({ wish, stamp }, position))
      return true
    }
    case 'stop':
      return false
  }
}

async function reply(id: number, answer: Promise<Uint8Array>): Promise<void> {
  try {
    const body = await answer
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
    tell({ kind: 'answer', id, body, etag })
  } catch (cause) {
    tell({ kind: 'failed', id, reason: reasonOf(cause) })
  }
}
