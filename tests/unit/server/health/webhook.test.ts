import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AlertNews } from '../../../../server/health/alerts.ts'
import { createWebhook } from '../../../../server/health/webhook.ts'
import type { Schedule } from '../../../../server/schedule.ts'

type Call = { headers: IncomingMessage['headers']; path: string; body: Record<string, unknown> }

/** Answers with these statuses, one after the other; then with 200. */
let statuses: number[]
let calls: Call[]
let port: number
let close: () => Promise<unknown>

beforeEach(async () => {
  statuses = []
  calls = []
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let text = ''
    request.on('data', (bytes: Buffer) => (text += bytes.toString()))
    request.on('end', () => {
      const body = JSON.parse(text) as Record<string, unknown>
      calls.push({ headers: request.headers, path: request.url ?? '', body })
      const status = statuses.shift() ?? 200
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end('thanks')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
  close = () => {
    server.closeAllConnections()
    server.close()
    return once(server, 'close')
  }
})
afterEach(() => close())

const news = (more: Partial<AlertNews> = {}): AlertNews => ({
  kind: 'failing',
  model: 'one',
  message: 'it fails',
  at: Date.UTC(2026, 0, 2),
  resolved: false,
  ...more,
})

/** Waits come at once; how long they should have been is written down. */
function setUp(url = `http://127.0.0.1:${port}/hooks/s3cret`) {
  const waits: number[] = []
  let logged = ''
  const sink = new Writable({
    write(bytes: Buffer, _encoding, done) {
      logged += bytes.toString()
      done()
    },
  })
  const schedule: Schedule = (run, delayMs) => {
    waits.push(delayMs)
    setImmediate(run)
    return () => undefined
  }
  return { webhook: createWebhook({ url, log: pino(sink), schedule }), waits, log: () => logged }
}

describe('the webhook', () => {
  test('is told an alert as JSON, with one line for people', async () => {
    const { webhook } = setUp()
    webhook.send(news())
    webhook.send(news({ model: null, kind: 'inference', resolved: true }))
    await webhook.idle()
    expect(calls.map(({ body }) => body)).toEqual([
      {
        text: '[Trivium] failing: one: it fails',
        kind: 'failing',
        model: 'one',
        message: 'it fails',
        at: '2026-01-02T00:00:00.000Z',
        resolved: false,
      },
      {
        text: '[Trivium] over: inference: it fails',
        kind: 'inference',
        model: null,
        message: 'it fails',
        at: '2026-01-02T00:00:00.000Z',
        resolved: true,
      },
    ])
    expect(calls[0]?.headers['content-type']).toBe('application/json')
    expect(calls[0]?.path).toBe('/hooks/s3cret')
  })

  test("a provider's words call nobody and link nowhere", async () => {
    const { webhook } = setUp()
    webhook.send(news({ message: 'HTTP 500:\n<!channel> @all <http://evil.test|win>' }))
    await webhook.idle()
    const text = String(calls[0]?.body['text'])
    expect(text).not.toMatch(/[<>\n]|@all/)
    expect(text).toContain('HTTP 500: ‹!channel›')
  })

  test('is tried three times, ever later, and then given up; the next alert is told', async () => {
    const { webhook, waits, log } = setUp()
    statuses = [500, 503, 500]
    webhook.send(news())
    webhook.send(news({ message: 'the next' }))
    await webhook.idle()
    expect(calls.map(({ body }) => body['message'])).toEqual([
      'it fails',
      'it fails',
      'it fails',
      'the next',
    ])
    expect(waits).toEqual([1000, 5000])
    expect(log()).toContain('HTTP 500')
    expect(log()).not.toContain('s3cret')
  })

  test('follows no redirect', async () => {
    const { webhook } = setUp()
    statuses = [302, 302, 302]
    webhook.send(news())
    await webhook.idle()
    expect(calls.map(({ path }) => path)).toEqual(Array<string>(3).fill('/hooks/s3cret'))
  })

  test('that is not there is logged without its path', async () => {
    await close()
    const { webhook, log } = setUp()
    close = () => Promise.resolve()
    webhook.send(news())
    await webhook.idle()
    expect(log()).toContain('ECONNREFUSED')
    expect(log()).toContain(`127.0.0.1:${port}`)
    expect(log()).not.toContain('s3cret')
  })

  test('is shown a login of the address as such', async () => {
    const { webhook, log } = setUp(`http://ann:p%40ss@127.0.0.1:${port}/x`)
    webhook.send(news())
    await webhook.idle()
    const expected = `Basic ${Buffer.from('ann:p@ss').toString('base64')}`
    expect(calls[0]?.headers.authorization).toBe(expected)
    expect(log()).toBe('')
  })

  test('is told nothing any more once it is stopped', async () => {
    const { webhook } = setUp()
    webhook.stop()
    webhook.send(news())
    await webhook.idle()
    expect(calls).toEqual([])
  })
})
