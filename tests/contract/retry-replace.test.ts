import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { connect, newVisitor, type ClientSocket } from '../support/arena/client.ts'
import { ask, codeOf } from '../support/arena/outsider.ts'
import { begin, goOn, play, setStage, vote, type Stage } from '../support/arena/stage.ts'

let stage: Stage
let socket: ClientSocket

beforeAll(async () => {
  stage = await setStage({}, ['alpha', 'beta', 'gamma', 'delta'])
  ;({ socket } = await stage.visitor())
})
afterEach(async () => {
  // A success closes a model's breaker, so that failures of one test are none of the next.
  for (const slug of stage.slugs) {
    await stage.arena.admin('POST', `/api/v1/admin/models/${slug}/check`)
  }
})
afterAll(async () => {
  socket.disconnect()
  await stage.close()
})

/** A battle whose two answers wait to be driven. */
async function byHand(what: string) {
  const prompt = `by hand: ${what}`
  const { battleId, heard } = await begin(socket, prompt)
  return { prompt, battleId, heard, ...(await stage.exchanges(battleId, prompt)) }
}

/** Side b has answered; side a has said `Half` and then failed. */
async function failedSide(what: string) {
  const battle = await byHand(what)
  battle.a.say('Half')
  await battle.heard.until(({ texts }) => texts.a === 'Half')
  battle.a.breakOff()
  battle.b.say('The other answer.')
  battle.b.finish()
  await battle.heard.bothEnded()
  return battle
}

const retry = (payload: object) => ask(socket, 'battle:retry', payload)

describe('battle:retry', () => {
  test('asks the turn again for a side that failed; acked with `{ turn }`', async () => {
    const { battleId, heard, prompt } = await failedSide('retry a failed side')
    const before = heard.seqs.a
    expect(await retry({ battleId, side: 'a' })).toEqual({ ok: true, turn: 1 })
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    // What failed is not told as an answer given.
    expect(again.request.body.messages).toEqual([{ role: 'user', content: prompt }])
    again.say('A whole ')
    await heard.until(({ texts }) => texts.a === 'A whole ')
    again.say('answer.')
    again.finish()
    await heard.bothEnded()
    expect(heard.faults).toEqual([])
    expect(heard.texts).toEqual({ a: 'A whole answer.', b: 'The other answer.' })
    // `seq` goes on, and only the first delta of the new attempt has `restart: true`.
    const frames = heard.deltas.flatMap((delta) => (delta.a === undefined ? [] : [delta.a]))
    const restarts = frames.filter(({ restart }) => restart === true)
    expect(restarts.map(({ seq }) => seq)).toEqual([before + 1])
    expect(frames.every((frame) => !('restart' in frame) || frame.restart === true)).toBe(true)
    expect(heard.ends.a).toMatchObject({ seq: heard.seqs.a, reason: 'stop' })
  })

  test('asks again for a side that was stopped', async () => {
    const { battleId, heard, prompt, b } = await byHand('retry a stopped side')
    b.say('Other.')
    b.finish()
    await ask(socket, 'battle:stop', { battleId, side: 'a' })
    await heard.bothEnded()
    expect(codeOf(await retry({ battleId, side: 'a' }))).toBe('ok')
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    again.say('Now I may.')
    again.finish()
    await heard.until(({ texts, ends }) => texts.a === 'Now I may.' && ends.a?.reason === 'stop')
    expect(heard.deltas.find((delta) => delta.a !== undefined)?.a).toEqual({
      seq: 1,
      text: 'Now I may.',
      restart: true,
    })
  })

  test('without `side` asks every side that failed or was stopped', async () => {
    const { battleId, heard, prompt, a, b } = await byHand('retry both')
    a.refuse(500)
    b.refuse(503)
    await heard.bothEnded()
    expect(codeOf(await retry({ battleId }))).toBe('ok')
    const again = await stage.exchanges(battleId, prompt)
    again.a.say('One.')
    again.a.finish()
    again.b.say('Two.')
    again.b.finish()
    await heard.until(({ texts }) => texts.a === 'One.' && texts.b === 'Two.')
    await heard.bothEnded()
    expect(await vote(socket, battleId)).toMatchObject({ voteId: expect.any(String) })
  })

  test('while the other side still streams', async () => {
    const { battleId, heard, prompt, a, b } = await byHand('retry beside')
    a.refuse(500)
    b.say('I take ')
    await heard.until(({ ends }) => ends.a !== undefined)
    expect(codeOf(await retry({ battleId, side: 'a' }))).toBe('ok')
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    again.say('Here.')
    again.finish()
    b.say('my time.')
    b.finish()
    await heard.until(({ texts }) => texts.a === 'Here.' && texts.b === 'I take my time.')
    expect(heard.faults).toEqual([])
  })

  test('that fails again ends as `error` again, and can be retried again', async () => {
    const { battleId, heard, prompt } = await failedSide('fails again')
    for (const words of ['Again ', 'And again ']) {
      expect(codeOf(await retry({ battleId }))).toBe('ok')
      const again = await stage.exchange(stage.seats(battleId).a, prompt)
      again.say(words)
      await heard.until(({ texts }) => texts.a === words)
      again.breakOff()
      await heard.bothEnded()
      expect(heard.ends.a).toMatchObject({ reason: 'error', seq: heard.seqs.a })
    }
    expect(heard.faults).toEqual([])
  })

  test('in a later turn knows the turns before', async () => {
    const { battleId, heard: first } = await play(socket, 'Turn one?')
    const prompt = 'by hand: turn two fails'
    const heard = await goOn(socket, battleId, prompt)
    const { a, b } = await stage.exchanges(battleId, prompt)
    a.refuse(500)
    b.say('Fine.')
    b.finish()
    await heard.bothEnded()
    expect(await retry({ battleId })).toEqual({ ok: true, turn: 2 })
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    expect(again.request.body.messages).toEqual([
      { role: 'user', content: 'Turn one?' },
      { role: 'assistant', content: first.texts.a },
      { role: 'user', content: prompt },
    ])
    again.say('Now.')
    again.finish()
    await heard.bothEnded()
  })

  test('nothing to retry: `conflict`', async () => {
    const { battleId } = await play(socket)
    for (const payload of [{}, { side: 'a' }, { side: 'b' }, { replace: true }]) {
      expect(codeOf(await retry({ battleId, ...payload })), JSON.stringify(payload)).toBe(
        'conflict',
      )
    }
    const running = await byHand('nothing to retry yet')
    expect(codeOf(await retry({ battleId: running.battleId }))).toBe('conflict')
    const failed = await failedSide('only one side to retry')
    expect(codeOf(await retry({ battleId: failed.battleId, side: 'b' }))).toBe('conflict')
  })

  test('twice at once: one attempt, one `conflict`', async () => {
    const { battleId, heard, prompt } = await failedSide('retry at once')
    const replies = await Promise.all([retry({ battleId }), retry({ battleId })])
    expect(replies.map(codeOf).sort()).toEqual(['conflict', 'ok'])
    const again = await stage.exchange(stage.seats(battleId).a, prompt)
    again.say('Once.')
    again.finish()
    await heard.until(({ ends }) => ends.a?.reason === 'stop')
    expect(heard.texts.a).toBe('Once.')
  })

  test('on a battle voted in: `battle_closed`; unknown: `battle_not_found`; another’s: `forbidden`', async () => {
    const { battleId } = await failedSide('whose retry')
    const stranger = await connect(stage.arena.url, await newVisitor(stage.arena.url))
    expect(codeOf(await ask(stranger, 'battle:retry', { battleId }))).toBe('forbidden')
    stranger.disconnect()
    const voted = await play(socket)
    await vote(socket, voted.battleId)
    expect(codeOf(await retry({ battleId: voted.battleId }))).toBe('battle_closed')
    expect(codeOf(await retry({ battleId: 'none' }))).toBe('battle_not_found')
  })
})

describe('`replace: true`', () => {
  test('draws another model for that side; the other side stays', async () => {
    const { battleId, heard, prompt } = await failedSide('replace')
    const before = stage.seats(battleId)
    expect(await retry({ battleId, side: 'a', replace: true })).toEqual({ ok: true, turn: 1 })
    const after = stage.seats(battleId)
    expect(after.b).toBe(before.b)
    expect([before.a, before.b]).not.toContain(after.a)
    const again = await stage.exchange(after.a, prompt)
    again.say('Newly drawn.')
    again.finish()
    await heard.until(({ ends }) => ends.a?.reason === 'stop')
    expect(heard.texts).toEqual({ a: 'Newly drawn.', b: 'The other answer.' })
    const { reveal } = await vote(socket, battleId)
    expect({ a: reveal.a.slug, b: reveal.b.slug }).toEqual(after)
  })

  test('replaces both sides by two different models', async () => {
    const { battleId, heard, prompt, a, b } = await byHand('replace both')
    a.refuse(500)
    b.refuse(500)
    await heard.bothEnded()
    expect(codeOf(await retry({ battleId, replace: true }))).toBe('ok')
    const after = stage.seats(battleId)
    expect(after.a).not.toBe(after.b)
    const again = await stage.exchanges(battleId, prompt)
    for (const exchange of [again.a, again.b]) {
      exchange.say('Here.')
      exchange.finish()
    }
    await heard.until(({ ends }) => ends.a?.reason === 'stop' && ends.b?.reason === 'stop')
    expect(heard.texts).toEqual({ a: 'Here.', b: 'Here.' })
  })

  test('in turn 1 only: `conflict` later', async () => {
    const { battleId } = await play(socket)
    const heard = await goOn(socket, battleId, 'by hand: replace later')
    const { a, b } = await stage.exchanges(battleId, 'by hand: replace later')
    a.refuse(500)
    b.say('Fine.')
    b.finish()
    await heard.bothEnded()
    const before = stage.seats(battleId)
    expect(codeOf(await retry({ battleId, side: 'a', replace: true }))).toBe('conflict')
    expect(stage.seats(battleId)).toEqual(before)
    expect(codeOf(await retry({ battleId, side: 'a', replace: false }))).toBe('ok')
  })

  test('with a battle:stop right behind leaves nothing running and nothing after the end', async () => {
    const { battleId, heard, prompt } = await failedSide('replace and stop')
    const replaced = retry({ battleId, side: 'a', replace: true })
    const stopped = ask(socket, 'battle:stop', { battleId })
    expect([codeOf(await replaced), codeOf(await stopped)]).toEqual(['ok', 'ok'])
    await heard.until(({ ends }) => ends.a?.reason === 'stopped')
    const last = heard.seqs.a
    void stage.exchange(stage.seats(battleId).a, prompt).then((late) => late.say('too late'))
    await play(socket, 'Something else meanwhile')
    await play(socket, 'And once more')
    expect(heard.seqs.a).toBe(last)
  })

  test('with nobody left to draw is refused, and the side can still be retried', async () => {
    const two = await setStage()
    const visitor = await two.visitor()
    const prompt = 'by hand: nobody left'
    const { battleId, heard } = await begin(visitor.socket, prompt)
    const { a, b } = await two.exchanges(battleId, prompt)
    a.refuse(500)
    b.say('Fine.')
    b.finish()
    await heard.bothEnded()
    const refused = await ask(visitor.socket, 'battle:retry', {
      battleId,
      side: 'a',
      replace: true,
    })
    expect(refused).toMatchObject({ ok: false })
    expect(codeOf(await ask(visitor.socket, 'battle:retry', { battleId, side: 'a' }))).toBe('ok')
    visitor.socket.disconnect()
    await two.close()
  })
})
