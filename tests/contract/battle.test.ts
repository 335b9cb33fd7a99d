import { afterAll, beforeAll, expect, test } from 'vitest'
import { startArena, type TestArena } from '../support/arena/arena.ts'
import { connect, Listener, newVisitor } from '../support/arena/client.ts'
import { answers, startMockProvider, type MockProvider } from '../support/arena/mock-provider.ts'

let arena: TestArena
let provider: MockProvider

beforeAll(async () => {
  provider = await startMockProvider()
  arena = await startArena()
  await arena.register('alpha', provider.baseUrl)
  await arena.register('beta', provider.baseUrl)
  provider.behave('alpha', answers('The answer ', 'of **alpha**.'))
  provider.behave('beta', answers('Beta ', 'says ', 'so.'))
})

afterAll(async () => {
  await arena.close()
  await arena.remove()
  await provider.close()
})

test('a battle goes from the question to the board', async () => {
  const socket = await connect(arena.url, await newVisitor(arena.url))
  const heard = new Listener(socket)
  const started = await socket.emitWithAck('battle:start', { prompt: 'Who are you?' })
  if (!started.ok) throw new Error(started.error.code)
  const { battleId } = started
  expect(started.turn).toBe(1)
  await heard.bothEnded()
  expect(new Set(Object.values(heard.texts))).toEqual(
    new Set(['The answer of **alpha**.', 'Beta says so.']),
  )
  expect(heard.faults).toEqual([])

  const verdicts = { accuracy: 'a', helpfulness: 'tie', language: 'skip' } as const
  const vote = await socket.emitWithAck('battle:vote', { battleId, verdicts })
  if (!vote.ok) throw new Error(vote.error.code)
  expect(vote.ratings?.a.accuracy).toMatchObject({ before: 1000, after: 1002, expected: 0.5 })
  expect(vote.ratings?.b.accuracy).toMatchObject({ before: 1000, after: 998, rankAfter: 2 })

  const board = await (
    await fetch(`${arena.url}/api/v1/leaderboard?dimension=accuracy&method=elo`)
  ).json()
  expect(board).toMatchObject({
    votes: 1,
    rows: [
      { wins: 1, rank: 1 },
      { losses: 1, rank: 2 },
    ],
  })
  socket.disconnect()
})
