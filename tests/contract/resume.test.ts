import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, newVisitor, type ClientSocket } from '../support/arena/client.ts'
import { Holder } from '../support/arena/holder.ts'
import type { Exchange } from '../support/arena/mock-provider.ts'
import { ask, codeOf } from '../support/arena/outsider.ts'
import {
  begin,
  goOn,
  granted,
  play,
  setStage,
  start,
  vote,
  type Stage,
} from '../support/arena/stage.ts'
import type { PerSide, Side } from '../../shared/verdicts.ts'

const SIDES = ['a', 'b'] as const

let stage: Stage
let cookie: string
let socket: ClientSocket

beforeAll(async () => {
  stage = await setStage({}, ['alpha', 'beta', 'gamma', 'delta'])
  ;({ cookie, socket } = await stage.visitor())
})
afterEach(closeBreakers)
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

/** A success closes a model's breaker, so that failures of one test are none of the next. */
async function closeBreakers(): Promise<void> {
  for (const slug of stage.slugs) {
    await stage.arena.admin('POST', `/api/v1/admin/models/${slug}/check`)
  }
}

const holderOf = (battleId: string) => new Holder(() => stage.arena.url, cookie, battleId)

describe('battle:resume', () => {
  test('answers `{ state: { turn, phase, a: { seq, end? }, b: { seq, end? } } }`', async () => {
    const prompt = 'by hand: state'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.say('Word')
    a.finish()
    await heard.until(({ ends }) => ends.a !== undefined)
    const resume = async () =>
      ask(socket, 'battle:resume', { battleId, turn: 1, from: { a: 1, b: 0 } })
    const ended = { seq: 1, end: { reason: 'stop' } }
    expect(await resume()).toEqual({
      ok: true,
      state: { turn: 1, phase: 'streaming', a: ended, b: { seq: 0 } },
    })
    b.refuse(500)
    await heard.bothEnded()
    expect(await resume()).toMatchObject({
      state: {
        phase: 'answered',
        b: { seq: 0, end: { reason: 'error', error: { code: 'unavailable' } } },
      },
    })
  })

  test('tells `answered` and then `voted`', async () => {
    const { battleId } = await play(socket)
    const resume = () => ask(socket, 'battle:resume', { battleId, turn: 1, from: { a: 0, b: 0 } })
    expect(await resume()).toMatchObject({ state: { phase: 'answered' } })
    await vote(socket, battleId)
    expect(await resume()).toMatchObject({ ok: true, state: { phase: 'voted' } })
  })

  test('nothing of a battle comes on a new connection before its resume', async () => {
    const prompt = 'by hand: silent tab'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    const tab = await connect(stage.arena.url, cookie)
    const came: string[] = []
    tab.onAny((event: string) => void came.push(event))
    for (const word of ['one ', 'two ', 'three ']) {
      a.say(word)
      b.say(word)
      await heard.until(({ texts }) => texts.a.endsWith(word) && texts.b.endsWith(word))
    }
    expect(codeOf(await ask(tab, 'leaderboard:subscribe', { slice: {} }))).toBe('ok')
    expect(came).toEqual([])
    await ask(tab, 'battle:resume', { battleId, turn: 1, from: { a: 0, b: 0 } })
    expect(codeOf(await ask(tab, 'leaderboard:unsubscribe', { slice: {} }))).toBe('ok')
    await untilHeard(() => came.includes('battle:delta'), tab)
    tab.disconnect()
    a.finish()
    b.finish()
  })

  test.each([
    { turn: 0 },
    { turn: 2 },
    { turn: '1' },
    { from: { a: -1, b: 0 } },
    { from: { a: 1.5, b: 0 } },
    { from: { a: 0 } },
    { from: { a: 99, b: 0 } },
    { from: {} },
    { from: null },
    { from: 0 },
  ])('with what cannot be held is `invalid_input`: %j', async (more) => {
    const { battleId } = await play(socket)
    const payload = { battleId, turn: 1, from: { a: 0, b: 0 }, ...more }
    expect(codeOf(await ask(socket, 'battle:resume', payload))).toBe('invalid_input')
  })

  test('unknown battle: `battle_not_found`; another’s: `forbidden`', async () => {
    const { battleId } = await play(socket)
    const stranger = await connect(stage.arena.url, await newVisitor(stage.arena.url))
    const payload = { battleId, turn: 1, from: { a: 0, b: 0 } }
    expect(codeOf(await ask(stranger, 'battle:resume', payload))).toBe('forbidden')
    const nowhere = { ...payload, battleId: 'nowhere' }
    expect(codeOf(await ask(stranger, 'battle:resume', nowhere))).toBe('battle_not_found')
    stranger.disconnect()
  })

  test('of an earlier turn brings the turns after it too', async () => {
    const { battleId, heard: first } = await play(socket, 'One?')
    const second = await goOn(socket, battleId, 'Two?')
    await second.bothEnded()
    const holder = holderOf(battleId)
    const state = await holder.resume()
    expect(state).toMatchObject({ turn: 2, phase: 'answered' })
    await holder.until(() => SIDES.every((side) => holder.end(2, side) !== undefined))
    expect(holder.faults).toEqual([])
    for (const side of SIDES) {
      expect(holder.held(1)[side].text).toBe(first.texts[side])
      expect(holder.held(2)[side].text).toBe(second.texts[side])
    }
    holder.drop()
  })

  test('of a side that is retried brings its new words, and no end that is over', async () => {
    const prompt = 'by hand: retried and silent'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.say('Half')
    await heard.until(({ texts }) => texts.a === 'Half')
    a.breakOff()
    b.say('Whole.')
    b.finish()
    await heard.bothEnded()
    granted(await socket.emitWithAck('battle:retry', { battleId }))
    const again = await stage.exchange(stage.seats(battleId).a, prompt)

    const tab = await connect(stage.arena.url, cookie)
    const came: string[] = []
    tab.on('battle:delta', (delta) => void (delta.a && came.push(`delta ${delta.a.text}`)))
    tab.on('battle:end', ({ side, reason }) => void (side === 'a' && came.push(`end ${reason}`)))
    const { state } = granted(
      await tab.emitWithAck('battle:resume', { battleId, turn: 1, from: heard.seqs }),
    )
    expect(state).toMatchObject({ phase: 'streaming', a: { seq: heard.seqs.a } })
    expect(state.a).not.toHaveProperty('end')
    again.say('Anew.')
    await untilHeard(() => came.includes('delta Anew.'), tab)
    again.finish()
    await untilHeard(() => came.includes('end stop'), tab)
    expect(came).toEqual(['delta Anew.', 'end stop'])
    tab.disconnect()
  })

  test('twice on one connection goes back to the numbers named last', async () => {
    const { battleId, heard } = await play(socket)
    const tab = await connect(stage.arena.url, cookie)
    for (let time = 0; time < 2; time += 1) {
      const texts = { a: '', b: '' }
      const ends = new Set<Side>()
      tab.on('battle:delta', ({ a, b }) => {
        texts.a += a?.text ?? ''
        texts.b += b?.text ?? ''
      })
      tab.on('battle:end', ({ side }) => void ends.add(side))
      granted(await tab.emitWithAck('battle:resume', { battleId, turn: 1, from: { a: 0, b: 0 } }))
      await untilHeard(() => ends.size === 2, tab)
      expect(texts).toEqual(heard.texts)
      tab.removeAllListeners()
    }
    tab.disconnect()
  })
})

/** Waits for something that events of a connection bring about. */
async function untilHeard(condition: () => boolean, tab: ClientSocket): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => tab.onAny(() => resolve()))
}

type Step =
  | { do: 'say'; side: Side; text: string }
  | { do: 'end'; side: Side; how: 'stop' | 'length' | 'fail' }
  | { do: 'drop' }
  | { do: 'resume' }
  | { do: 'catch up' }
  | { do: 'stop'; side: Side | undefined }
  | { do: 'retry' }
  | { do: 'continue' }

const sideArbitrary = fc.constantFrom<Side>('a', 'b')
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      side: sideArbitrary,
      text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      side: sideArbitrary,
      how: fc.constantFrom('stop' as const, 'length' as const, 'fail' as const),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ do: 'drop' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'resume' as const }) },
  { weight: 3, arbitrary: fc.constant({ do: 'catch up' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('stop' as const),
      side: fc.constantFrom<Side | undefined>('a', 'b', undefined),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'retry' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'continue' as const }) },
)

type Speaker = {
  exchange: Exchange
  said: string
  state: 'running' | 'ended' | 'failed' | 'stopped'
}

let battlesMade = 0

/** Plays a scenario on a battle of its own and returns what is wrong afterwards. */
async function playScenario(steps: readonly Step[], acts: ClientSocket): Promise<string[]> {
  battlesMade += 1
  const prompt = `by hand: scenario ${battlesMade}`
  let turn = 1
  const battleId = await start(acts, prompt)
  const holder = holderOf(battleId)
  const witness = holderOf(battleId)
  await witness.resume()
  await holder.resume()
  const speakers = speakersOf(await stage.exchanges(battleId, prompt))
  const running = (side: Side) => speakers[side].state === 'running'
  const caughtUp = (client: Holder) =>
    SIDES.every((side) => {
      const { said, state } = speakers[side]
      return (
        client.held(turn)[side].text === said &&
        (state === 'running') === (client.end(turn, side) === undefined)
      )
    })

  const end = (side: Side, how: 'stop' | 'length' | 'fail') => {
    const speaker = speakers[side]
    // A provider that says nothing has failed, whatever it says of it.
    const fails = how === 'fail' || speaker.said.trim() === ''
    if (how !== 'fail') speaker.exchange.finish(how)
    else if (speaker.said === '') speaker.exchange.refuse(500)
    else speaker.exchange.breakOff()
    speaker.state = fails ? 'failed' : 'ended'
  }

  for (const step of steps) {
    if (step.do === 'say' && running(step.side)) {
      speakers[step.side].exchange.say(step.text)
      speakers[step.side].said += step.text
    } else if (step.do === 'end' && running(step.side)) {
      // What is on its way when a connection breaks may be lost: let it arrive first.
      await witness.until(caughtUp)
      end(step.side, step.how)
    } else if (step.do === 'drop' && holder.connected) {
      holder.drop()
    } else if (step.do === 'resume' && !holder.connected) {
      await holder.resume()
    } else if (step.do === 'catch up') {
      await witness.until(caughtUp)
      if (holder.connected) await holder.until(caughtUp)
    } else if (step.do === 'stop') {
      await witness.until(caughtUp)
      granted(
        await acts.emitWithAck('battle:stop', {
          battleId,
          ...(step.side === undefined ? {} : { side: step.side }),
        }),
      )
      for (const side of SIDES) {
        const hit = step.side === undefined || step.side === side
        if (hit && running(side)) speakers[side].state = 'stopped'
      }
    } else if (step.do === 'retry') {
      await witness.until(caughtUp)
      const again = SIDES.filter((side) => ['failed', 'stopped'].includes(speakers[side].state))
      const reply = await ask(acts, 'battle:retry', { battleId })
      if (codeOf(reply) !== (again.length > 0 ? 'ok' : 'conflict'))
        return [`retry: ${codeOf(reply)}`]
      const seats = stage.seats(battleId)
      for (const side of again) {
        const exchange = await stage.exchange(seats[side], promptOf(prompt, turn))
        // The first words of every attempt are said at once, so that each has a restart.
        exchange.say('Again: ')
        speakers[side] = { exchange, said: 'Again: ', state: 'running' }
      }
    } else if (
      step.do === 'continue' &&
      SIDES.every((side) => ['ended', 'stopped'].includes(speakers[side].state))
    ) {
      await witness.until(caughtUp)
      turn += 1
      const next = promptOf(prompt, turn)
      granted(await acts.emitWithAck('battle:continue', { battleId, prompt: next }))
      Object.assign(speakers, speakersOf(await stage.exchanges(battleId, next)))
    }
  }
  await witness.until(caughtUp)
  for (const side of SIDES) if (running(side)) end(side, 'stop')
  if (!holder.connected) await holder.resume()
  await Promise.all([witness.until(caughtUp), holder.until(caughtUp)])

  const faults = [...witness.faults, ...holder.faults]
  for (const [key, frame] of holder.frames) {
    const other = witness.frames.get(key)
    if (other !== frame)
      faults.push(`${key} is ${frame} for one and ${String(other)} for the other`)
  }
  if (holder.frames.size !== witness.frames.size) faults.push('not the same frames')
  holder.drop()
  witness.drop()
  return faults
}

function speakersOf(exchanges: PerSide<Exchange>): PerSide<Speaker> {
  return {
    a: { exchange: exchanges.a, said: '', state: 'running' },
    b: { exchange: exchanges.b, said: '', state: 'running' },
  }
}

const promptOf = (prompt: string, turn: number) => (turn === 1 ? prompt : `${prompt}, turn ${turn}`)

describe('resuming wherever a connection broke', () => {
  test('gives the same bytes, once, in order: over drops, retries, stops and turns', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Scenarios run side by side, since most of their time is waiting for frames.
        fc.array(fc.array(stepArbitrary, { minLength: 5, maxLength: 30 }), {
          minLength: 8,
          maxLength: 8,
        }),
        async (scenarios) => {
          await closeBreakers()
          const acts = await connect(stage.arena.url, cookie)
          const faults = await Promise.all(scenarios.map((steps) => playScenario(steps, acts)))
          acts.disconnect()
          expect(faults.flat()).toEqual([])
        },
      ),
      { numRuns: 4, endOnFailure: true },
    )
  }, 60_000)
})

describe('after a restart of the arena', () => {
  test('finished turns resume byte-identical under the same numbers', async () => {
    const prompt = 'by hand: before the restart'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    const witness = holderOf(battleId)
    const broken = holderOf(battleId)
    await Promise.all([witness.resume(), broken.resume()])
    for (const word of ['e\u0301 ', '👩‍👩‍👧 ', 'مرحبا ', 'end']) {
      a.say(word)
      await heard.until(({ texts }) => texts.a.endsWith(word))
      if (word === '👩‍👩‍👧 ') broken.drop()
      b.say(word)
      await heard.until(({ texts }) => texts.b.endsWith(word))
    }
    a.breakOff()
    b.finish('length')
    await heard.bothEnded()
    granted(await socket.emitWithAck('battle:retry', { battleId }))
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    again.say('Second ')
    await heard.until(({ texts }) => texts.a === 'Second ')
    again.say('try.')
    again.finish()
    await heard.until(({ ends }) => ends.a?.reason === 'stop')
    const done = (holder: Holder) =>
      holder.end(1, 'a')?.reason === 'stop' && holder.end(1, 'b') !== undefined
    await witness.until(done)

    socket.disconnect()
    witness.drop()
    await stage.restart()
    socket = await connect(stage.arena.url, cookie)

    const fresh = holderOf(battleId)
    for (const holder of [fresh, broken, witness]) {
      expect(await holder.resume()).toMatchObject({
        phase: 'answered',
        b: { end: { reason: 'length' } },
      })
      await holder.until(done)
      expect(holder.faults).toEqual([])
      expect(holder.held(1).a.text).toBe('Second try.')
      expect(holder.held(1).b.text).toBe(heard.texts.b)
      expect(holder.frames).toEqual(witness.frames)
      holder.drop()
    }
    expect(
      codeOf(
        await ask(socket, 'battle:vote', {
          battleId,
          verdicts: { accuracy: 'a', helpfulness: 'a', language: 'a' },
        }),
      ),
    ).toBe('ok')
  })

  test('sides that were streaming have ended as `error`; then they can be retried', async () => {
    const prompt = 'by hand: cut off'
    const { battleId, heard } = await begin(socket, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.say('I am do')
    b.say('Finished.')
    b.finish()
    await heard.until(({ texts, ends }) => texts.a === 'I am do' && ends.b !== undefined)
    const holder = holderOf(battleId)
    await holder.resume()
    await holder.until(() => holder.held(1).a.text === 'I am do')
    holder.drop()
    socket.disconnect()
    await stage.restart()
    socket = await connect(stage.arena.url, cookie)

    const state = await holder.resume()
    expect(state).toMatchObject({ a: { end: { reason: 'error' } }, b: { end: { reason: 'stop' } } })
    await holder.until(() => SIDES.every((side) => holder.end(1, side) !== undefined))
    expect(holder.end(1, 'a')).toMatchObject({ reason: 'error', error: { code: 'unavailable' } })
    expect(holder.held(1).b.text).toBe('Finished.')
    granted(await holder.socket.emitWithAck('battle:retry', { battleId }))
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    again.say('Whole.')
    again.finish()
    await holder.until(() => holder.end(1, 'a')?.reason === 'stop')
    expect(holder.held(1).a.text).toBe('Whole.')
    expect(holder.faults).toEqual([])
    holder.drop()
  })

  test('numbers beyond a finished side stay `invalid_input`', async () => {
    const { battleId, heard } = await play(socket)
    socket.disconnect()
    await stage.restart()
    socket = await connect(stage.arena.url, cookie)
    const from = { a: heard.seqs.a + 1, b: heard.seqs.b }
    const reply = await ask(socket, 'battle:resume', { battleId, turn: 1, from })
    expect(codeOf(reply)).toBe('invalid_input')
    const { turns } = (await (
      await fetch(`${stage.arena.url}/api/v1/battles/${battleId}`, { headers: { cookie } })
    ).json()) as { turns: { a: { text: string } }[] }
    expect(turns[0]?.a.text).toBe(heard.texts.a)
  })
})
