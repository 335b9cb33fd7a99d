import { expect, it, onTestFinished } from 'vitest'
import { pino } from 'pino'
import { chatBody, idle, post, startServer, TINY_ID } from '../../support/inference/server.ts'

/** Samples by name and labels as they are written, such as `name{model="x"}`. */
async function figures(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/u)
  const lines = (await response.text()).split('\n').filter((line) => /^[a-z]/u.test(line))
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ')
      return [line.slice(0, at).replace('trivium_inference_', ''), Number(line.slice(at + 1))]
    }),
  )
}

it('counts what was read, written and refused', async () => {
  const server = await startServer()
  const { url } = server
  const answers = [chatBody(), chatBody({ stream: true }), chatBody()]
  const texts = await Promise.all(answers.map(async (body) => (await post(url, body)).text()))
  await post(url, chatBody({ temperature: 9 }))
  await post(url, chatBody({ model: 'evil"}\nname' }))
  await idle(server)

  const seen = await figures(url)
  const at = (name: string) => seen.get(name)
  const model = `model="${TINY_ID}"`
  const { prompt_tokens: promptTokens } = (
    JSON.parse(texts[0] ?? '') as { usage: { prompt_tokens: number } }
  ).usage
  expect(at(`requests_total{${model},outcome="length"}`)).toBe(3)
  expect(at('requests_total{model="",outcome="invalid_value"}')).toBe(1)
  expect(at('requests_total{model="",outcome="model_not_found"}')).toBe(1)
  expect(at(`first_token_seconds_count{${model}}`)).toBe(3)
  expect(at(`token_seconds_count{${model}}`)).toBe(3 * 15)
  expect(at(`waiting_seconds_count{${model}}`)).toBe(3)
  // The last token of an answer is never read, and a prompt is what was read or known.
  expect(at(`tokens_total{${model},kind="decode"}`)).toBe(3 * 15)
  const reused = at(`reused_tokens_total{${model}}`) ?? NaN
  expect((at(`tokens_total{${model},kind="prefill"}`) ?? NaN) + reused).toBe(3 * promptTokens)
  expect(at(`batch_size_sum{${model}}`)).toBe(3 * 15)
  expect(at(`batch_size_count{${model}}`)).toBe(at(`step_seconds_count{${model},kind="decode"}`))
  expect(at(`cache_bytes{${model},use="held"}`)).toBe(0)
  expect(at('cache_budget_bytes')).toBe(2 ** 30)
  expect([at('requests{state="active"}'), at('requests{state="waiting"}')]).toEqual([0, 0])
  expect([at('models{status="ready"}'), at('models{status="failed"}')]).toEqual([1, 0])
  expect(at(`model_info{${model},engine="shared-cache",device="cpu",precision="q4"}`)).toBe(1)
  expect(at('resident_memory_bytes')).toBeGreaterThan(1e6)
  expect(at('connections')).toBeGreaterThanOrEqual(1)
  expect(at(`sequences{${model}}`)).toBe(0)
})

it('tells what a second turn need not read again', async () => {
  const server = await startServer()
  const long = { role: 'user', content: 'word '.repeat(60) }
  await (await post(server.url, chatBody({ messages: [long] }))).text()
  await idle(server)
  await (await post(server.url, chatBody({ messages: [long] }))).text()
  const seen = await figures(server.url)
  const reused = seen.get(`reused_tokens_total{model="${TINY_ID}"}`) ?? NaN
  expect(reused).toBeGreaterThanOrEqual(64)
  expect(reused % 64).toBe(0)
  expect(seen.get(`cache_bytes{model="${TINY_ID}",use="kept"}`)).toBeGreaterThanOrEqual(64 * 512)
})

it('counts who went away as such, also while they send', async () => {
  const server = await startServer()
  const controller = new AbortController()
  const response = await post(server.url, chatBody({ stream: true, max_tokens: 1900 }), {
    signal: controller.signal,
  })
  await response.body?.getReader().read()
  controller.abort()
  await idle(server)
  const seen = await figures(server.url)
  expect(seen.get(`requests_total{model="${TINY_ID}",outcome="cancelled"}`)).toBe(1)
  expect(seen.get(`cache_bytes{model="${TINY_ID}",use="held"}`)).toBe(0)
})

it('writes one line a request at debug, without what was said', async () => {
  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const server = await startServer({ log })
  await (await post(server.url, chatBody({ max_tokens: 4 }))).text()
  await (await post(server.url, chatBody({ max_tokens: 0 }))).text()
  const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  const over = entries.filter(({ msg }) => msg === 'a request is over')
  expect(over).toMatchObject([
    {
      level: 20,
      model: TINY_ID,
      outcome: 'length',
      completionTokens: 4,
      promptTokens: expect.any(Number),
      waitedMs: expect.any(Number),
      firstTokenMs: expect.any(Number),
      totalMs: expect.any(Number),
    },
    { model: '', outcome: 'invalid_value', firstTokenMs: null },
  ])
  expect(lines.join('')).not.toContain('joke')
  const loaded = entries.find(({ msg }) => String(msg).startsWith('model loaded'))
  expect(loaded?.['msg']).toMatch(
    /^model loaded: tiny-random, shared-cache engine, cpu(?: \(no CUDA: .+?\))?, q4, 1 thread\(s\), \d+ MB, context 2048, \d+ ms$/u,
  )
})

it('says in its health what it runs on, and what a step may take', async () => {
  const server = await startServer()
  const health = (await (await fetch(`${server.url}/health`)).json()) as Record<string, unknown>
  expect(health).toMatchObject({
    status: 'ok',
    degraded: [],
    models: [
      {
        engine: 'shared-cache',
        device: 'cpu',
        residentBytes: expect.any(Number),
        cache: { sequences: 0, heldBytes: 0 },
      },
    ],
    silenceLimitMs: expect.any(Number),
    step: null,
  })

  const state = server.registry.get(TINY_ID)
  if (state?.status !== 'ready') throw new Error('not ready')
  let release = (): void => {}
  onTestFinished(() => release())
  const entered = new Promise<void>((resolve) => {
    state.model.engine.prefill = async () => {
      resolve()
      await new Promise<void>((go) => (release = go))
      throw new Error('hung')
    }
  })
  const answer = post(server.url, chatBody())
  await entered
  const during = (await (await fetch(`${server.url}/health`)).json()) as Record<string, unknown>
  expect(during['step']).toMatchObject({ ageMs: expect.any(Number), limitMs: expect.any(Number) })
  release()
  expect((await answer).status).toBe(500)
})

it('turns requests away while memory is short, and says when to come again', async () => {
  let freeBytes = 2 ** 29
  const server = await startServer({
    readFreeMemory: () => ({ freeBytes, limitBytes: 2 ** 30 }),
  })
  freeBytes = 0
  const refused = await post(server.url, chatBody())
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('5')
  expect(await refused.json()).toMatchObject({
    error: { type: 'server_error', code: 'insufficient_memory' },
  })
  const health = await fetch(`${server.url}/health`)
  expect(health.status).toBe(200)
  expect(await health.json()).toMatchObject({
    degraded: ['memory is short: new requests are turned away'],
  })
  freeBytes = 2 ** 29
  // The reading before was just now; a request that is refused for it reads anew.
  expect((await post(server.url, chatBody())).status).toBe(200)
})
