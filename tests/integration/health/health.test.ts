import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Alert } from '../../../shared/schemas/admin.ts'
import { adminModelSchema, type AdminModel } from '../../../shared/schemas/model.ts'
import { ADMIN_TOKEN } from '../../support/arena/arena.ts'
import { answers, type Behaviour, type Exchange } from '../../support/arena/mock-provider.ts'
import { call } from '../../support/arena/outsider.ts'
import { begin, play, setStage, type Stage } from '../../support/arena/stage.ts'

let stage: Stage
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
  await stage.close()
})

async function visitor() {
  const { socket } = await stage.visitor()
  ends.push(() => socket.disconnect())
  return socket
}
async function model(slug: string): Promise<AdminModel> {
  const answer = await call(`${stage.arena.url}/api/v1/admin/models/${slug}`, {
    token: ADMIN_TOKEN,
  })
  return adminModelSchema.parse(answer.json())
}
/** The model once this holds of it; it is asked again and again. */
async function modelOnce(slug: string, holds: (seen: AdminModel) => boolean): Promise<AdminModel> {
  for (;;) {
    const seen = await model(slug)
    if (holds(seen)) return seen
  }
}
async function patch(slug: string, body: object): Promise<void> {
  const answer = await stage.arena.admin('PATCH', `/api/v1/admin/models/${slug}`, body)
  expect(answer.status).toBe(200)
}
async function alerts(query = ''): Promise<Alert[]> {
  const answer = await call(`${stage.arena.url}/api/v1/admin/alerts${query}`, {
    token: ADMIN_TOKEN,
  })
  return (answer.json() as { items: Alert[] }).items
}
/** A stage whose models have been probed, so that what is asked from now on is asked by the test. */
async function probedStage(env: Record<string, string>, slugs: string[]): Promise<Stage> {
  stage = await setStage(env, slugs)
  for (const slug of slugs) await modelOnce(slug, ({ health }) => health.lastProbe !== null)
  return stage
}
const fails: Behaviour = (exchange) => exchange.refuse(500)
const isProbe = ({ request }: Exchange) =>
  request.body.messages.at(-1)?.content === 'Please say hello.'

describe('what models do', () => {
  test('is counted, priced, and there after a restart', async () => {
    stage = await probedStage({}, ['alpha', 'beta'])
    await patch('alpha', { prices: { inputPerMillion: 1_000, outputPerMillion: 10_000 } })
    const socket = await visitor()
    const before = await model('alpha')
    // Its probe was before it had prices; beta has none.
    expect(before.activity).toMatchObject({ answers: 0, costToday: 0 })
    for (let index = 0; index < 3; index += 1) await play(socket)
    const { activity, health } = await modelOnce('alpha', (seen) => seen.activity.answers === 3)
    expect(activity).toMatchObject({ failures: 0, inFlight: 0 })
    expect(activity.tokensToday - before.activity.tokensToday).toBe(3 * 8)
    // The mock counts 3 tokens in and 5 out.
    expect(activity.costToday).toBeCloseTo(3 * (0.003 + 0.05), 9)
    expect(activity.costTotal).toBeCloseTo(activity.costToday ?? 0, 9)
    expect(activity.firstTokenMs?.p50).toBeGreaterThan(0)
    expect(activity.hours).toHaveLength(24)
    expect(health.lastAnswerAt).toMatch(/Z$/)
    expect((await model('beta')).activity).toMatchObject({ answers: 3, costToday: null })
    await stage.restart()
    expect((await model('alpha')).activity).toMatchObject({
      answers: 3,
      tokensToday: activity.tokensToday,
      costToday: activity.costToday,
      costTotal: activity.costTotal,
      firstTokenMs: activity.firstTokenMs,
    })
  })

  test('is measured for Prometheus by slug, and tells nothing of how it is reached', async () => {
    stage = await probedStage({}, ['alpha', 'beta'])
    await patch('beta', { provider: { apiKey: 'sk-canary-of-the-metrics' } })
    stage.provider.behave('beta', fails)
    await play(await visitor())
    const { text } = await call(`${stage.arena.url}/metrics`, { token: ADMIN_TOKEN })
    for (const line of [
      'trivium_model_answers_total{model="alpha",outcome="complete"} 1',
      'trivium_model_failures_total{model="beta",kind="http-status"} 1',
      'trivium_model_first_token_seconds_count{model="alpha"} 1',
      'trivium_model_tokens_total{model="alpha",direction="input"} 3',
      'trivium_model_tokens_total{model="alpha",direction="output"} 5',
      'trivium_model_cost_dollars_total{model="alpha"} 0',
      'trivium_model_breaker_state{model="beta"} 0',
      'trivium_model_answers_in_flight{model="alpha"} 0',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
    expect(text).not.toContain('canary')
    expect(text).not.toContain(String(stage.provider.port))
  })
})

describe('the probe after a change', () => {
  test('is an alert and a reason when it fails, until the model answers', async () => {
    stage = await probedStage({}, ['alpha', 'beta'])
    stage.provider.behave('beta', (exchange) => exchange.refuse(401))
    await patch('beta', { provider: { apiKey: 'sk-of-nobody' } })
    await modelOnce('beta', ({ health }) => health.lastProbe?.ok === false)
    expect(await alerts('?active=1')).toMatchObject([
      { kind: 'probe', model: 'beta', message: expect.stringContaining('401') as string },
    ])
    expect(await model('beta')).toMatchObject({
      status: 'ready',
      statusReason: expect.stringMatching(/^its last probe failed: .*401/) as string,
    })
    stage.provider.behave('beta', answers('Hello.'))
    await play(await visitor())
    expect(await alerts('?active=1')).toEqual([])
    expect(await model('beta')).toMatchObject({ status: 'ready', statusReason: null })
  })
})

describe('a model that fails', () => {
  test('is left out, asked, drawn on trial one answer at a time, and back', async () => {
    stage = await probedStage({ BREAKER_RETRY_MS: '100' }, ['alpha', 'beta'])
    const socket = await visitor()
    let healthy = false
    const trials: Exchange[] = []
    stage.provider.behave('beta', (exchange) => {
      if (!healthy) exchange.refuse(500)
      else if (isProbe(exchange)) void answers('Hello.')(exchange)
      else trials.push(exchange)
    })
    for (let index = 0; index < 8; index += 1) await play(socket)
    expect(await model('beta')).toMatchObject({ status: 'failing', health: { breaker: 'open' } })
    expect(await alerts('?active=1')).toMatchObject([{ kind: 'failing', model: 'beta' }])
    // Nobody else is there to battle with.
    expect(await socket.emitWithAck('battle:start', { prompt: 'Anybody?' })).toMatchObject({
      error: { code: 'no_models' },
    })

    // Asked, and asked again later, it says that it is back.
    await modelOnce('beta', ({ health }) => health.lastProbe?.ok === false)
    healthy = true
    const onTrial = await modelOnce('beta', ({ status }) => status === 'on-trial')
    expect(onTrial.health).toMatchObject({ breaker: 'half-open', lastProbe: { ok: true } })
    expect(await alerts('?active=1')).toHaveLength(1)
    const { heard } = await begin(socket, 'Are you back?')
    while (trials.length === 0) await model('beta')
    expect(await socket.emitWithAck('battle:start', { prompt: 'And now?' })).toMatchObject({
      error: { code: 'no_models' },
    })
    await answers('I am.')(trials[0] as Exchange)
    await heard.bothEnded()
    expect(await model('beta')).toMatchObject({
      status: 'ready',
      health: { breaker: 'closed', failuresInARow: 0, lastError: null },
    })
    expect(await alerts('?active=1')).toEqual([])
  })

  test('on trial fails again: it is left out for longer', async () => {
    stage = await probedStage({ BREAKER_RETRY_MS: '100' }, ['alpha', 'beta'])
    const socket = await visitor()
    let probes = false
    stage.provider.behave('beta', (exchange) => {
      if (probes && isProbe(exchange)) void answers('Hello.')(exchange)
      else exchange.refuse(500)
    })
    for (let index = 0; index < 8; index += 1) await play(socket)
    probes = true
    await modelOnce('beta', ({ status }) => status === 'on-trial')
    await play(socket)
    expect(await model('beta')).toMatchObject({ health: { breaker: 'open', failuresInARow: 9 } })
    // One alert, not two: it was never over.
    expect(await alerts()).toHaveLength(1)
  })

  test('is forgiven by a restart, and its alert is over', async () => {
    stage = await probedStage({}, ['alpha', 'beta'])
    stage.provider.behave('beta', fails)
    const socket = await visitor()
    for (let index = 0; index < 8; index += 1) await play(socket)
    expect(await alerts('?active=1')).toHaveLength(1)
    await stage.restart()
    expect(await alerts('?active=1')).toEqual([])
    expect(await model('beta')).toMatchObject({ status: 'ready', activity: { failures: 8 } })
  })

  test('is told to the webhook, and so is its return', async () => {
    const told: Record<string, unknown>[] = []
    let arrived: () => void = () => undefined
    const server = createServer((request, response) => {
      let text = ''
      request.on('data', (bytes: Buffer) => (text += bytes.toString()))
      request.on('end', () => {
        told.push(JSON.parse(text) as Record<string, unknown>)
        response.end()
        arrived()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    ends.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const until = async (count: number) => {
      while (told.length < count) await new Promise<void>((resolve) => (arrived = resolve))
    }
    const { port } = server.address() as AddressInfo
    stage = await probedStage({ ALERT_WEBHOOK_URL: `http://127.0.0.1:${port}/hook` }, [
      'alpha',
      'beta',
    ])
    stage.provider.behave('beta', fails)
    const socket = await visitor()
    for (let index = 0; index < 8; index += 1) await play(socket)
    await until(1)
    stage.provider.behave('beta', answers('Back.'))
    await stage.arena.admin('POST', '/api/v1/admin/models/beta/check')
    await until(2)
    expect(told).toMatchObject([
      { kind: 'failing', model: 'beta', resolved: false },
      { kind: 'failing', model: 'beta', resolved: true },
    ])
    expect(told[0]?.['text']).toContain('[Trivium] failing: beta: 8 answers failed in a row')
    expect(stage.arena.logs.join('')).not.toContain('/hook')
  })
})

describe('a provider that asks to be left alone', () => {
  test('for a moment is asked again by itself, which nobody notices', async () => {
    stage = await probedStage({}, ['alpha', 'beta'])
    let asked = 0
    stage.provider.behave('beta', (exchange) => {
      asked += 1
      if (asked === 1) exchange.refuse(429, '{}', { 'retry-after': '1' })
      else void answers('At last.')(exchange)
    })
    const { heard } = await play(await visitor())
    expect([heard.ends.a?.reason, heard.ends.b?.reason]).toEqual(['stop', 'stop'])
    expect(asked).toBe(2)
    expect(await model('beta')).toMatchObject({
      status: 'ready',
      activity: { answers: 1, failures: 0 },
      health: { failuresInARow: 0 },
    })
    expect((await model('beta')).activity.firstTokenMs?.p50).toBeGreaterThan(900)
  })

  test('for longer is not drawn while others are there, and is sent nothing', async () => {
    stage = await probedStage({}, ['alpha', 'beta', 'gamma'])
    const socket = await visitor()
    stage.provider.behave('beta', (exchange) =>
      exchange.refuse(503, '{}', { 'retry-after': '600' }),
    )
    const asked = () => stage.provider.requests.filter(({ body }) => body.model === 'beta').length
    const before = asked()
    while (asked() === before) await play(socket)
    const cooling = await model('beta')
    expect(cooling).toMatchObject({ status: 'cooling', health: { breaker: 'closed' } })
    expect(cooling.statusReason).toMatch(/left alone until/)
    const now = asked()
    for (let index = 0; index < 15; index += 1) {
      const { battleId, heard } = await play(socket)
      expect([heard.ends.a?.reason, heard.ends.b?.reason]).toEqual(['stop', 'stop'])
      expect(Object.values(stage.seats(battleId))).not.toContain('beta')
    }
    expect(asked()).toBe(now)
    // With one other alone it is drawn all the same, and its side fails at once, without a request.
    await stage.arena.admin('POST', '/api/v1/admin/models/gamma/pause')
    const { heard } = await play(socket)
    expect(new Set([heard.ends.a?.reason, heard.ends.b?.reason])).toEqual(
      new Set(['error', 'stop']),
    )
    expect(asked()).toBe(now)
    const { items } = (
      await call(`${stage.arena.url}/api/v1/admin/failures?model=beta`, { token: ADMIN_TOKEN })
    ).json() as { items: { message: string }[] }
    expect(items.map(({ message }) => message.split(':')[0])).toEqual(['not sent', 'HTTP 503'])
  })
})

describe('scheduled probes', () => {
  test('ask models that nobody asks, and tell who does not answer', async () => {
    stage = await probedStage({ PROBE_INTERVAL_SECONDS: '1' }, ['alpha', 'beta'])
    stage.provider.behave('beta', (exchange) => exchange.breakOff())
    const failed = await modelOnce('beta', ({ health }) => health.lastProbe?.ok === false)
    expect(failed).toMatchObject({ status: 'ready', health: { failuresInARow: 0 } })
    let found: Alert[] = []
    while (found.length === 0) found = await alerts('?active=1')
    expect(found).toMatchObject([{ kind: 'probe', model: 'beta' }])
    stage.provider.behave('beta', answers('Hello.'))
    while (found.length > 0) found = await alerts('?active=1')
    expect((await model('alpha')).health.lastProbe).toMatchObject({ ok: true })
    // What they take is paid for, but they are no answers of anybody's.
    expect((await model('alpha')).activity).toMatchObject({ answers: 0, failures: 0 })
    expect((await model('alpha')).activity.tokensToday).toBeGreaterThan(0)
  })
})
