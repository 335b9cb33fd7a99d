import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { MAX_BODY_BYTES } from '../../../inference/http/read-json.ts'
import { startInferenceServer } from '../../../inference/server.ts'
import { copyOfTiny, TINY_MODELS } from '../../support/inference/models.ts'
import { chatBody, idle, post, startServer, TINY_ID } from '../../support/inference/server.ts'

describe('errors over HTTP', () => {
  it.each<[string, string, string, number, string]>([
    ['an unknown path', 'GET', '/v1/nothing', 404, 'unknown_url'],
    ['a path that is no path', 'GET', '//', 404, 'unknown_url'],
    ['an unknown model', 'GET', '/v1/models/%E0%A4%A', 404, 'model_not_found'],
    ['a wrong method', 'GET', '/v1/chat/completions', 405, 'method_not_allowed'],
    [
      'a method that nobody knows here',
      'DELETE',
      `/v1/models/${TINY_ID}`,
      405,
      'method_not_allowed',
    ],
  ])('%s', async (_, method, path, status, code) => {
    const { url } = await startServer()
    const response = await fetch(url + path, { method })
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual({
      error: {
        message: expect.any(String),
        type: 'invalid_request_error',
        param: code === 'model_not_found' ? 'model' : null,
        code,
      },
    })
    expect(response.headers.has('allow')).toBe(status === 405)
  })

  it.each<[string, string]>([
    ['broken JSON', '{"model":'],
    ['nothing', ''],
    ['JSON that is no object', '[1]'],
  ])('a body that is %s', async (_, body) => {
    const { url } = await startServer()
    const response = await post(url, body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_value', param: null } })
  })

  it('a body that is not UTF-8', async () => {
    const { url } = await startServer()
    const response = await post(url, '', { body: Buffer.from([0x22, 0xff, 0x22]) })
    expect(response.status).toBe(400)
  })

  it('a body of another type, which foreign pages may send unasked', async () => {
    const { url } = await startServer()
    const response = await post(url, chatBody(), { headers: { 'content-type': 'text/plain' } })
    expect(response.status).toBe(415)
    expect(await response.json()).toMatchObject({ error: { code: 'unsupported_media_type' } })
  })

  it('a body that is too large, with its length told or not', async () => {
    const { url } = await startServer()
    const large = JSON.stringify(chatBody({ user: 'x'.repeat(MAX_BODY_BYTES) }))
    const chunked = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large))
        controller.close()
      },
    })
    for (const init of [{}, { body: chunked, duplex: 'half' as const }]) {
      const response = await post(url, large, init)
      expect(response.status).toBe(413)
      expect(await response.json()).toMatchObject({ error: { code: 'request_too_large' } })
    }
    expect((await post(url, chatBody())).status).toBe(200)
  })

  it('a body that comes too slowly', async () => {
    const { port } = await startServer({ requestTimeoutMs: 200 })
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"model"',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /u)
    await once(socket, 'close')
  })
})

describe('a full queue', () => {
  it('answers 429 and says when to come again', async () => {
    const server = await startServer({ limits: { maxActive: 1, maxWaiting: 1 } })
    const controller = new AbortController()
    const body = chatBody({ max_tokens: 1900, stream: true })
    const taken = [
      await post(server.url, body, { signal: controller.signal }),
      await post(server.url, body, { signal: controller.signal }),
    ]
    expect(taken.map(({ status }) => status)).toEqual([200, 200])
    const refused = await post(server.url, body)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/u)
    expect(await refused.json()).toMatchObject({
      error: { type: 'rate_limit_error', code: 'queue_full' },
    })

    controller.abort()
    await idle(server)
    expect((await post(server.url, chatBody())).status).toBe(200)
  })
})

describe('clients', () => {
  it('get two answers at the same time', async () => {
    const { url } = await startServer()
    const order: number[] = []
    await Promise.all(
      [0, 1].map(async (side) => {
        const response = await post(url, chatBody({ stream: true, max_tokens: 200 }))
        for await (const _ of response.body ?? []) order.push(side)
      }),
    )
    const turns = order.filter((side, index) => side !== order[index - 1]).length
    expect(turns).toBeGreaterThan(20)
  })

  it('of one address share its places when they say who asks', async () => {
    const server = await startServer({ limits: { maxActive: 2 } })
    const ended: string[] = []
    const ask = async (user: string, tokens: number): Promise<void> => {
      await (await post(server.url, chatBody({ user, max_tokens: tokens }))).text()
      ended.push(user)
    }
    const all = [ask('many', 400), ask('many', 500)]
    await vi.waitFor(() => expect(server.scheduler.activeCount).toBe(2), { interval: 1 })
    // The third of one user came before the first of another.
    all.push(ask('many', 900))
    await vi.waitFor(() => expect(server.scheduler.waitingCount).toBe(1), { interval: 1 })
    all.push(ask('one', 4))
    await Promise.all(all)
    expect(ended.indexOf('one')).toBeLessThan(2)
  })

  it('that vanish while they send leave nothing behind', async () => {
    const server = await startServer()
    const socket = connect(server.port, '127.0.0.1')
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{')
    await once(socket, 'connect')
    socket.destroy()
    expect((await post(server.url, chatBody())).status).toBe(200)
  })

  it('hear in the stream when the model fails', async () => {
    const server = await startServer()
    const state = server.registry.get(TINY_ID)
    if (state?.status !== 'ready') throw new Error('not ready')
    state.model.engine.decode = () => Promise.reject(new Error('secret detail'))
    const streamed = await (await post(server.url, chatBody({ stream: true }))).text()
    expect(streamed).toMatch(/data: \{"error":\{.*"code":"internal_error"\}\}\n\n$/u)
    expect(streamed).not.toContain('secret')
    expect(streamed).not.toContain('[DONE]')
    const whole = await post(server.url, chatBody())
    expect(whole.status).toBe(500)
    expect(await whole.json()).toMatchObject({
      error: { type: 'server_error', code: 'internal_error' },
    })
  })
})

describe('GET /health', () => {
  it('says 503 while models load, and completions too; then 200 with what each folder became', async () => {
    const { directory, folder } = await copyOfTiny('broken')
    await rm(join(folder, 'tokenizer.json'))
    await cp(join(TINY_MODELS, TINY_ID), join(directory, 'whole'), { recursive: true })
    const server = await startInferenceServer({
      host: '127.0.0.1',
      port: 0,
      modelsDirectory: directory,
      threads: 1,
      log: pino({ level: 'silent' }),
    })
    onTestFinished(() => server.close())
    const url = `http://127.0.0.1:${server.port}`
    // Loading yields between files, so these are answered before it is done.
    const [health, asked] = await Promise.all([
      fetch(`${url}/health`),
      post(url, chatBody({ model: 'whole' })),
    ])
    expect(health.status).toBe(503)
    expect(await health.json()).toMatchObject({ status: 'loading' })
    expect([asked.status, asked.headers.get('retry-after')]).toEqual([503, '2'])

    expect(await server.loaded).toBe(1)
    const loaded = await fetch(`${url}/health`)
    expect(loaded.status).toBe(200)
    expect(await loaded.json()).toMatchObject({
      status: 'ok',
      models: [
        {
          id: 'broken',
          status: 'failed',
          reason: expect.stringContaining('tokenizer.json is missing'),
        },
        { id: 'whole', status: 'ready', precision: 'q4', contextLength: 2048 },
      ],
      queue: { active: 0, waiting: 0 },
    })
    expect((await post(url, chatBody({ model: 'broken' }))).status).toBe(404)
    expect((await post(url, chatBody({ model: 'whole' }))).status).toBe(200)
  })
})
