import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BattleView } from '../../shared/schemas/battle.ts'
import { SIDES, type Side } from '../../shared/verdicts.ts'
import { call } from '../support/arena/outsider.ts'
import type { Exchange } from '../support/arena/mock-provider.ts'
import { RawClient } from '../support/arena/raw-client.ts'
import {
  begin,
  goOn,
  granted,
  setStage,
  VERDICTS,
  vote,
  type Stage,
} from '../support/arena/stage.ts'

// What a model thinks before it answers: kept, told after the vote, and in nothing before it.

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

/** Sends a piece of reasoning as OpenAI-compatible servers do. */
function think({ response }: Exchange, text: string): void {
  if (!response.headersSent) response.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const choices = [{ index: 0, delta: { reasoning_content: text }, finish_reason: null }]
  response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices })}\n\n`)
}

async function view(cookie: string, battleId: string): Promise<BattleView> {
  const answer = await call(`${stage.arena.url}/api/v1/battles/${battleId}`, { cookie })
  return answer.json() as BattleView
}

const reasoningOf = ({ turns }: BattleView, side: Side) => turns.map((turn) => turn[side].reasoning)

describe('before the vote', () => {
  test('not one byte of it reaches the client: no frame, no end, no resume, no body', async () => {
    const raw = await RawClient.connect(stage.arena.url)
    const prompt = 'by hand: before the vote'
    const { battleId } = await raw.ask('battle:start', { prompt })
    const id = String(battleId)
    const exchanges = await stage.exchanges(id, prompt)
    for (const side of SIDES) {
      think(exchanges[side], `MUSING about ${side}. `)
      think(exchanges[side], 'MUSING goes on. ')
    }
    // While they only think there is nothing to read, and no end.
    const resumed = await raw.ask('battle:resume', { battleId, turn: 1, from: { a: 0, b: 0 } })
    expect(resumed).toMatchObject({ ok: true, state: { a: { seq: 0 }, b: { seq: 0 } } })
    expect(raw.events).toEqual([])
    await raw.get(`/api/v1/battles/${id}`)
    for (const side of SIDES) {
      exchanges[side].say(`Answer of ${side}.`)
      think(exchanges[side], 'MUSING between words.')
      exchanges[side].finish()
    }
    await raw.until(() => raw.ends(id) >= 2)
    await raw.ask('battle:resume', { battleId, turn: 1, from: { a: 0, b: 0 } })
    await raw.ask('battle:comment', { battleId, comment: 'Early.' })
    for (const path of [`battles/${id}`, 'battles?mine=1', 'battles', 'exports/votes', 'models']) {
      await raw.get(`/api/v1/${path}`)
    }
    expect(raw.received).toContain('Answer of a.')
    expect(raw.received).not.toContain('MUSING')
    expect(raw.received).not.toContain('reasoning')

    // The very same eyes see it after the vote.
    await raw.ask('battle:vote', { battleId, verdicts: VERDICTS })
    expect(raw.received).not.toContain('MUSING')
    await raw.get(`/api/v1/battles/${id}`)
    expect(raw.received).toContain('MUSING about a. MUSING goes on. MUSING between words.')
    await raw.close()
  })

  test('what is told does not tell who thinks: both sides look alike while one has said nothing', async () => {
    const { cookie, socket } = await stage.visitor()
    const prompt = 'by hand: one thinks'
    const { battleId, heard } = await begin(socket, prompt)
    const exchanges = await stage.exchanges(battleId, prompt)
    think(exchanges.a, 'MUSING')
    exchanges.a.say('A.')
    exchanges.b.say('B.')
    exchanges.a.finish()
    exchanges.b.finish()
    await heard.bothEnded()
    const { turns } = await view(cookie, battleId)
    expect(Object.keys(turns[0]?.a ?? {})).toEqual(Object.keys(turns[0]?.b ?? {}))
    socket.disconnect()
  })
})

describe('after the vote', () => {
  test('the battle has it by turn and side, also after a restart; models are not told it again', async () => {
    const { cookie, socket } = await stage.visitor()
    const [first, second] = ['by hand: first', 'by hand: second']
    const { battleId, heard } = await begin(socket, first)
    const exchanges = await stage.exchanges(battleId, first)
    think(exchanges.a, 'MUSING one')
    exchanges.a.say('A one.')
    exchanges.b.say('B one.')
    exchanges.a.finish()
    exchanges.b.finish()
    await heard.bothEnded()
    heard.stop()
    const later = await goOn(socket, battleId, second)
    const again = await stage.exchanges(battleId, second)
    for (const side of SIDES) {
      const { messages } = again[side].request.body
      expect(JSON.stringify(messages)).toContain(`${side.toUpperCase()} one.`)
      expect(JSON.stringify(again[side].request.body)).not.toContain('MUSING')
    }
    think(again.b, 'MUSING two')
    again.a.say('A two.')
    again.b.say('B two.')
    again.a.finish()
    again.b.finish()
    await later.bothEnded()
    await vote(socket, battleId)
    const told = await view(cookie, battleId)
    expect(reasoningOf(told, 'a')).toEqual(['MUSING one', undefined])
    expect(reasoningOf(told, 'b')).toEqual([undefined, 'MUSING two'])
    // Nobody else reads it.
    const stranger = await stage.visitor()
    const refused = await call(`${stage.arena.url}/api/v1/battles/${battleId}`, {
      cookie: stranger.cookie,
    })
    expect(refused.status).toBe(403)
    stranger.socket.disconnect()
    socket.disconnect()
    await stage.restart()
    expect(reasoningOf(await view(cookie, battleId), 'b')).toEqual([undefined, 'MUSING two'])
  })

  test('of a side that was asked again it is what the last attempt thought', async () => {
    const { cookie, socket } = await stage.visitor()
    const prompt = 'by hand: asked again'
    const { battleId, heard } = await begin(socket, prompt)
    const exchanges = await stage.exchanges(battleId, prompt)
    exchanges.b.say('B.')
    exchanges.b.finish()
    think(exchanges.a, 'MUSING in vain')
    exchanges.a.breakOff()
    await heard.bothEnded()
    const { turns } = await view(cookie, battleId)
    expect(turns[0]?.a).toMatchObject({ text: '', end: { reason: 'error' } })
    heard.stop()

    const ended = new Promise<void>((resolve) => void socket.once('battle:end', () => resolve()))
    granted(await socket.emitWithAck('battle:retry', { battleId, side: 'a' }))
    const retried = await stage.exchange(stage.seats(battleId).a, prompt)
    think(retried, 'MUSING anew')
    retried.say('A.')
    retried.finish()
    await ended
    await vote(socket, battleId)
    expect(reasoningOf(await view(cookie, battleId), 'a')).toEqual(['MUSING anew'])
    socket.disconnect()
  })
})
