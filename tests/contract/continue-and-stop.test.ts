import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, newVisitor, type ClientSocket } from '../support/arena/client.ts'
import { ask, codeOf } from '../support/arena/outsider.ts'
import { begin, goOn, play, setStage, vote, type Stage } from '../support/arena/stage.ts'

let stage: Stage
let socket: ClientSocket
let stranger: ClientSocket

beforeAll(async () => {
  // More models than failures of one test take out of the draw.
  stage = await setStage({}, ['alpha', 'beta', 'gamma', 'delta'])
  ;({ socket } = await stage.visitor())
  stranger = await connect(stage.arena.url, await newVisitor(stage.arena.url))
})
afterAll(async () => {
  socket.disconnect()
  stranger.disconnect()
  await stage.close()
})

/** A battle whose two answers wait to be driven. */
async function byHand(prompt: string) {
  const { battleId, heard } = await begin(socket, `by hand: ${prompt}`)
  return { battleId, heard, ...(await stage.exchanges(battleId, `by hand: ${prompt}`)) }
}

describe('battle:continue', () => {
  test('is acked with `{ battleId, turn }` and asks both models again', async () => {
    const { battleId, heard: first } = await play(socket, 'First question?')
    const seen = stage.provider.requests.length
    const reply = await ask(socket, 'battle:continue', { battleId, prompt: 'Second question?' })
    expect(reply).toEqual({ ok: true, battleId, turn: 2 })
    const third = async () => {
      const heard = await goOn(socket, battleId, 'Third question?', 3)
      await heard.bothEnded()
      return heard
    }
    // The second turn may still run: then a third one is a `conflict`.
    for (;;) {
      const early = await ask(socket, 'battle:continue', { battleId, prompt: ' ' })
      if (codeOf(early) === 'invalid_input') break
      expect(codeOf(early)).toBe('conflict')
    }
    const heard = await third()
    expect(heard.faults).toEqual([])
    const seats = stage.seats(battleId)
    for (const side of ['a', 'b'] as const) {
      const asked = stage.provider.requests
        .slice(seen)
        .filter(({ body }) => body.model === seats[side])
        .map(({ body }) => body.messages)
      // A side knows the questions and its own answers alone.
      const answer = first.texts[side]
      expect(asked.at(-1)).toEqual([
        { role: 'user', content: 'First question?' },
        { role: 'assistant', content: answer },
        { role: 'user', content: 'Second question?' },
        { role: 'assistant', content: answer },
        { role: 'user', content: 'Third question?' },
      ])
    }
  })

  test('`seq` counts from 1 again in every turn', async () => {
    const { battleId } = await play(socket)
    const heard = await goOn(socket, battleId, 'And now?')
    await heard.bothEnded()
    expect(heard.faults).toEqual([])
    expect(heard.deltas[0]).toMatchObject({ turn: 2 })
    expect(heard.ends.a).toMatchObject({ turn: 2, seq: heard.seqs.a, reason: 'stop' })
  })

  test('a side still streaming: `conflict`', async () => {
    const { battleId, heard, a, b } = await byHand('still streaming')
    const again = () => ask(socket, 'battle:continue', { battleId, prompt: 'And?' })
    expect(codeOf(await again())).toBe('conflict')
    a.say('done')
    a.finish()
    await heard.until(({ ends }) => ends.a !== undefined)
    expect(codeOf(await again())).toBe('conflict')
    b.say('done')
    b.finish()
    await heard.bothEnded()
    expect(codeOf(await again())).toBe('ok')
  })

  test('a side ended in `error`: `conflict`', async () => {
    const { battleId, heard, a, b } = await byHand('one in error')
    a.refuse(500)
    b.say('done')
    b.finish()
    await heard.bothEnded()
    const reply = await ask(socket, 'battle:continue', { battleId, prompt: 'And?' })
    expect(codeOf(reply)).toBe('conflict')
  })

  test('after a stop goes on with what was said so far', async () => {
    const { battleId, heard, a, b } = await byHand('stopped before')
    a.say('Half of')
    b.say('Half, too')
    await heard.until(({ texts }) => texts.a !== '' && texts.b !== '')
    await ask(socket, 'battle:stop', { battleId })
    await heard.bothEnded()
    const seen = stage.provider.requests.length
    await (await goOn(socket, battleId, 'And then?')).bothEnded()
    const said = stage.provider.requests.slice(seen).map(({ body }) => body.messages.at(1)?.content)
    expect(new Set(said)).toEqual(new Set(['Half of', 'Half, too']))
  })

  test('two at once: one turn, one `conflict`', async () => {
    const { battleId } = await play(socket)
    const prompt = 'by hand: two at once'
    const replies = await Promise.all(
      [1, 2].map(() => ask(socket, 'battle:continue', { battleId, prompt })),
    )
    expect(replies.map(codeOf).sort()).toEqual(['conflict', 'ok'])
    expect(replies).toContainEqual({ ok: true, battleId, turn: 2 })
  })

  test('on a battle voted in: `battle_closed`; unknown: `battle_not_found`; another’s: `forbidden`', async () => {
    const { battleId } = await play(socket)
    const payload = { battleId, prompt: 'And?' }
    expect(codeOf(await ask(stranger, 'battle:continue', payload))).toBe('forbidden')
    await vote(socket, battleId)
    expect(codeOf(await ask(socket, 'battle:continue', payload))).toBe('battle_closed')
    const nowhere = { ...payload, battleId: '00000000-0000-4000-8000-000000000000' }
    expect(codeOf(await ask(socket, 'battle:continue', nowhere))).toBe('battle_not_found')
  })
})

describe('battle:stop', () => {
  test('ends both sides as `stopped`; the text so far stays', async () => {
    const { battleId, heard, a, b } = await byHand('stop both')
    a.say('So far')
    b.say('So good')
    await heard.until(({ texts }) => texts.a !== '' && texts.b !== '')
    expect(await ask(socket, 'battle:stop', { battleId })).toEqual({ ok: true })
    await heard.bothEnded()
    for (const side of ['a', 'b'] as const) {
      expect(heard.ends[side]).toEqual({
        battleId,
        turn: 1,
        side,
        seq: heard.seqs[side],
        reason: 'stopped',
      })
    }
    expect(heard.texts).toEqual({ a: 'So far', b: 'So good' })
    // The models are let go.
    await Promise.all([a.closed, b.closed])
  })

  test('with `side` ends that side alone', async () => {
    const { battleId, heard, a, b } = await byHand('stop one')
    a.say('Words ')
    await ask(socket, 'battle:stop', { battleId, side: 'b' })
    await heard.until(({ ends }) => ends.b !== undefined)
    expect(heard.ends).toMatchObject({ b: { reason: 'stopped' } })
    await b.closed
    a.say('go on.')
    a.finish()
    await heard.bothEnded()
    expect(heard.texts.a).toBe('Words go on.')
    expect(heard.ends.a?.reason).toBe('stop')
  })

  test('before the first word ends with `seq` 0', async () => {
    const { battleId, heard } = await byHand('stop at once')
    await ask(socket, 'battle:stop', { battleId })
    await heard.bothEnded()
    expect(heard.ends).toMatchObject({ a: { seq: 0, reason: 'stopped' }, b: { seq: 0 } })
  })

  test('nothing running: ok, again and again', async () => {
    const { battleId, heard } = await play(socket)
    const ends = structuredClone(heard.ends)
    for (const side of [undefined, 'a', 'b']) {
      expect(await ask(socket, 'battle:stop', { battleId, side })).toEqual({ ok: true })
    }
    const again = await goOn(socket, battleId, 'Still there?')
    await again.bothEnded()
    expect(heard.ends).toEqual(ends)
  })

  test('stopped answers can be judged', async () => {
    const { battleId, heard } = await byHand('judge the stopped')
    await ask(socket, 'battle:stop', { battleId })
    await heard.bothEnded()
    expect(await vote(socket, battleId)).toMatchObject({ voteId: expect.any(String) })
  })

  test('right behind a battle:continue leaves nothing running and nothing after the end', async () => {
    const { battleId } = await play(socket)
    const prompt = 'by hand: stop right behind'
    const heard = goOn(socket, battleId, prompt)
    const stopped = ask(socket, 'battle:stop', { battleId })
    const turn = await heard
    expect(codeOf(await stopped)).toBe('ok')
    await turn.bothEnded()
    expect(turn.ends).toMatchObject({ a: { reason: 'stopped' }, b: { reason: 'stopped' } })
    // Whoever was asked all the same is let go, and says nothing after the end.
    const seats = stage.seats(battleId)
    for (const side of ['a', 'b'] as const) {
      void stage.exchange(seats[side], prompt).then((exchange) => exchange.say('too late'))
    }
    await play(socket, 'Something else meanwhile')
    await play(socket, 'And once more')
    expect(turn.texts).toEqual({ a: '', b: '' })
    expect(codeOf(await ask(socket, 'battle:continue', { battleId, prompt: 'And?' }))).toBe('ok')
  })

  test.each(['c', 'A', '', 0, null])('`side` is `a` or `b`: %j', async (side) => {
    const { battleId } = await play(socket)
    expect(codeOf(await ask(socket, 'battle:stop', { battleId, side }))).toBe('invalid_input')
  })

  test('on a battle voted in: `battle_closed`; unknown: `battle_not_found`; another’s: `forbidden`', async () => {
    const { battleId } = await play(socket)
    expect(codeOf(await ask(stranger, 'battle:stop', { battleId }))).toBe('forbidden')
    await vote(socket, battleId)
    expect(codeOf(await ask(socket, 'battle:stop', { battleId }))).toBe('battle_closed')
    expect(codeOf(await ask(socket, 'battle:stop', { battleId: 'none' }))).toBe('battle_not_found')
  })
})
