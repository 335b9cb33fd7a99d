import { expect, it, vi } from 'vitest'
import {
  abortAnswer,
  neverRead,
  readAnswer,
  readSlowly,
  sendByteByByte,
  vanishWhileSending,
  vanishWhileWaiting,
} from '../../support/inference/clients.ts'
import { type Question, questionsFor } from '../../support/inference/questions.ts'
import {
  ENDLESS,
  idle,
  startServer,
  TINY_ID,
  type TestServer,
} from '../../support/inference/server.ts'
import { oneOf, seededRandom } from '../../support/load/random.ts'

const STREAMS = 64
const LEFT = { timeout: 20_000, interval: 20 }
/** More than any buffer on the way to a client who does not read. */
const LARGE: Question = {
  model: TINY_ID,
  messages: [ENDLESS],
  temperature: 0,
  max_tokens: 1900,
  logprobs: true,
  top_logprobs: 20,
}

/** How many clients of each kind there are among 64. */
const KINDS = {
  'reads all': 30,
  aborts: 18,
  'sends byte by byte': 5,
  'reads slowly': 4,
  'never reads': 2,
  'vanishes while it sends': 2,
  'vanishes while it waits': 3,
} as const
type Kind = keyof typeof KINDS

/** Does as a client of this kind does; resolves with the text of an answer that it read whole. */
async function behave(
  kind: Kind,
  { url, client }: TestServer,
  question: Question,
  random: () => number,
): Promise<string | null> {
  switch (kind) {
    case 'reads all':
      return readAnswer(client, question)
    case 'aborts':
      await abortAnswer(client, question, 1 + Math.floor(random() * 8))
      return null
    case 'sends byte by byte':
      return sendByteByByte(url, question)
    case 'reads slowly':
      return readSlowly(url, question)
    case 'never reads':
      await neverRead(url, LARGE)
      return null
    case 'vanishes while it sends':
      await vanishWhileSending(url)
      return null
    case 'vanishes while it waits':
      await vanishWhileWaiting(url, question)
      return null
  }
}

function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item)
}

/** Nothing of all the requests is left: places, memory, connections. */
async function nothingIsLeft(server: TestServer): Promise<void> {
  await idle(server)
  const state = server.registry.get(TINY_ID)
  if (state?.status !== 'ready') throw new Error('not ready')
  const { engine } = state.model
  // What is idle reads the latest conversations again.
  await vi.waitFor(() => {
    expect(engine.cacheUse()).toMatchObject({ sequences: 0, heldTokens: 0 })
  }, LEFT)
  const use = engine.cacheUse()
  expect(use.keptTokens * engine.bytesPerToken).toBeLessThanOrEqual(2 ** 30)
  engine.trim()
  expect(engine.cacheUse().keptTokens).toBe(0)
  await vi.waitFor(async () => expect(await server.connections()).toBe(0), LEFT)
}

it.each([1, 2])(
  '64 streams at once with aborts and clients of every kind leave nothing behind (seed %i)',
  async (seed) => {
    const random = seededRandom(seed)
    const server = await startServer({
      limits: { maxActive: 8, maxWaiting: STREAMS },
      stalledMs: 1500,
    })
    const questions = questionsFor(TINY_ID, 24, random)
    const alone = new Map<Question, string>()
    for (const question of questions) {
      alone.set(question, await readAnswer(server.client, question))
      await idle(server)
    }
    expect(new Set(alone.values()).size).toBeGreaterThan(12)

    const kinds = Object.entries(KINDS).flatMap(([kind, count]) =>
      Array.from({ length: count }, () => kind as Kind),
    )
    expect(kinds).toHaveLength(STREAMS)
    const outcomes = await Promise.all(
      shuffled(kinds, random).map(async (kind) => {
        const question = oneOf(questions, random)
        return { kind, question, text: await behave(kind, server, question, random) }
      }),
    )

    const completed = outcomes.filter(({ text }) => text !== null)
    expect(completed).toHaveLength(39)
    for (const { question, text } of completed) expect(text).toBe(alone.get(question))
    await nothingIsLeft(server)
    // And it serves on as if nothing had been.
    const [first] = questions
    if (first) expect(await readAnswer(server.client, first)).toBe(alone.get(first))
  },
  120_000,
)

it('a full queue under load refuses, and harms nobody who is in it', async () => {
  const random = seededRandom(7)
  const server = await startServer({ limits: { maxActive: 4, maxWaiting: 8 } })
  const questions = questionsFor(TINY_ID, 8, random)
  const alone = new Map<Question, string>()
  for (const question of questions) alone.set(question, await readAnswer(server.client, question))
  await idle(server)
  const outcomes = await Promise.allSettled(
    Array.from({ length: STREAMS }, async () => {
      const question = oneOf(questions, random)
      expect(await readAnswer(server.client, question)).toBe(alone.get(question))
    }),
  )
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length).toBeLessThan(STREAMS - 11)
  for (const outcome of refused) {
    expect(outcome).toMatchObject({ reason: { status: 429, code: 'queue_full' } })
  }
  await nothingIsLeft(server)
})
