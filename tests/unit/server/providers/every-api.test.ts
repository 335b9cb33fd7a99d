import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { MAX_ANSWER_CHARACTERS } from '../../../../server/providers/answer-words.ts'
import { createFixedGuard } from '../../../../server/providers/endpoint-guard.ts'
import type { AnswerPart, ProviderError } from '../../../../server/providers/provider.ts'
import { createTransport, type Transport } from '../../../../server/providers/transport.ts'
import { API_SHAPES, type ApiShape } from '../../../support/providers/api-shapes.ts'
import {
  readAnswer,
  startProviderServer,
  STREAM_HEAD,
  type Behaviour,
  type ProviderServer,
} from '../../../support/providers/provider-server.ts'

const request = { messages: [{ role: 'user' as const, content: 'hi' }], sampling: {} }
const KEY = 'sk-canary-0123456789'
const NOW = Date.UTC(2026, 0, 1)
const HEAD = Buffer.from(STREAM_HEAD)
const PROTOCOL = { kind: 'protocol' } as const

let server: ProviderServer
let transport: Transport
beforeAll(async () => {
  server = await startProviderServer()
  transport = createTransport({ guard: createFixedGuard('127.0.0.1'), connectTimeoutMs: 2000 })
})
afterEach(() => server.idle())
afterAll(async () => {
  transport.close()
  await server.close()
})

const status =
  (line: string, headers: string, body: string): Behaviour =>
  (socket) =>
    socket.end(
      `HTTP/1.1 ${line}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
const stream =
  (text: string): Behaviour =>
  (socket) =>
    socket.end(STREAM_HEAD + text)

const endless =
  (event: string): Behaviour =>
  (socket) => {
    socket.write(STREAM_HEAD)
    const more = () => socket.writable && socket.write(event.repeat(10), more)
    more()
  }

function reasoningOf(parts: readonly AnswerPart[]): string {
  return parts.map((part) => ('reasoning' in part ? part.reasoning : '')).join('')
}

describe.each(API_SHAPES)('$name', (api: ApiShape) => {
  function ask(behaviour: Behaviour, signal = new AbortController().signal) {
    server.behave(behaviour)
    return api.provider(server.baseUrl, KEY, transport, () => NOW)(request, signal)
  }

  test('text, reasoning and usage of a good answer', async () => {
    const whole =
      api.start + api.reasoning('let me ') + api.reasoning('see') + api.text('Hel') + api.text('lo')
    const { text, parts } = await readAnswer(ask(stream(whole + api.end)))
    expect(text).toBe('Hello')
    expect(reasoningOf(parts)).toBe('let me see')
    expect(parts.at(-1)).toEqual({ end: 'stop', usage: { promptTokens: 3, completionTokens: 9 } })
  })

  test.each(['\n', '\r\n', '\r'])('line ends %j', async (lineEnd) => {
    const whole = api.start + api.text('a€') + api.text('b') + api.end
    const { text } = await readAnswer(ask(stream(whole.replaceAll('\n', lineEnd))))
    expect(text).toBe('a€b')
  })

  test('an inline block of thinking is reasoning', async () => {
    const whole = ['<th', 'ink>hm', '</thi', 'nk>\n\nyes'].map((words) => api.text(words)).join('')
    const { text, parts } = await readAnswer(ask(stream(api.start + whole + api.end)))
    expect({ text, reasoning: reasoningOf(parts) }).toEqual({ text: 'yes', reasoning: 'hm' })
  })

  test('any cut of the bytes and of the words gives the same answer', async () => {
    const words = fc.oneof(
      fc.constantFrom('<think>', '</think>', '😀', '"q"', '\\n', '\n'),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.boolean(), words), { maxLength: 8 }),
        fc.array(fc.nat({ max: 400 }), { maxLength: 6 }),
        async (pieces, cuts) => {
          const events = pieces.map(([isText, piece]) =>
            isText ? api.text(piece) : api.reasoning(piece),
          )
          const bytes = Buffer.from(`${api.start}${events.join('')}${api.text('end')}${api.end}`)
          const read = async (behaviour: Behaviour) => {
            const parts: AnswerPart[] = []
            let failure: unknown
            try {
              for await (const part of ask(behaviour)) parts.push(part)
            } catch (cause) {
              failure = (cause as Error).message
            }
            const text = parts.map((part) => ('text' in part ? part.text : '')).join('')
            const end = parts.find((part) => 'end' in part)
            return { text, reasoning: reasoningOf(parts), end, failure }
          }
          const whole = await read((socket) => socket.end(Buffer.concat([HEAD, bytes])))
          const cut = await read((socket) => {
            socket.setNoDelay(true)
            const edges = [...new Set([...cuts, bytes.length])]
              .filter((edge) => edge <= bytes.length)
              .toSorted((left, right) => left - right)
            let from = 0
            const next = () => {
              const to = edges.shift()
              if (to === undefined) {
                socket.end()
                return
              }
              socket.write(bytes.subarray(from, to), () => setImmediate(next))
              from = to
            }
            socket.write(HEAD, next)
          })
          expect(cut).toEqual(whole)
          // A block of thinking that never ends leaves no answer.
          expect(whole.failure === undefined).toBe(whole.end !== undefined)
          const plain = pieces.filter(([isText]) => !isText).map(([, piece]) => piece)
          expect(whole.reasoning.length).toBeGreaterThanOrEqual(plain.join('').trimStart().length)
        },
      ),
      { numRuns: 40 },
    )
  })

  test.each<[string, (api: ApiShape) => Behaviour, Partial<ProviderError>]>([
    [
      '400 with its words',
      ({ errorBody }) => status('400 No', '', errorBody('no such model')),
      {
        kind: 'http-status',
        status: 400,
        message: expect.stringContaining('HTTP 400: no such model (') as string,
      },
    ],
    [
      '400 for a cap that was used up by thinking',
      ({ errorBody }) =>
        status(
          '400 No',
          '',
          errorBody(
            'Could not finish the message because max_tokens or model output limit was reached.',
          ),
        ),
      { kind: 'empty', status: 400, cause: 'length' },
    ],
    ['401', () => status('401 No', '', ''), { kind: 'http-status', status: 401 }],
    [
      '403 with a page',
      () => status('403 No', '', '<html>no</html>'),
      { kind: 'http-status', message: 'HTTP 403' },
    ],
    [
      '404 in words of its own',
      () => status('404 No', '', '{"oops":1}'),
      { kind: 'http-status', status: 404, message: 'HTTP 404: {"oops":1}' },
    ],
    [
      '500 with a compressed body',
      () => status('500 No', 'content-encoding: gzip\r\n', 'rubbish'),
      { kind: 'http-status', status: 500, message: 'HTTP 500' },
    ],
    ['500', ({ errorBody }) => status('500 No', '', errorBody('x')), { kind: 'http-status' }],
    [
      '429 with seconds',
      () => status('429 No', 'retry-after: 7\r\n', ''),
      { kind: 'overloaded', status: 429, retryAfterMs: 7000 },
    ],
    [
      '429 with milliseconds',
      () => status('429 No', 'retry-after-ms: 1500\r\nretry-after: 2\r\n', ''),
      { kind: 'overloaded', retryAfterMs: 1500 },
    ],
    [
      '503 with a date',
      () => status('503 No', `retry-after: ${new Date(NOW + 5000).toUTCString()}\r\n`, ''),
      { kind: 'overloaded', status: 503, retryAfterMs: 5000 },
    ],
    [
      '529',
      () => status('529 Busy', 'retry-after: 1\r\n', ''),
      { kind: 'overloaded', status: 529, retryAfterMs: 1000 },
    ],
    [
      'a Retry-After with a status that is no reason to wait',
      () => status('500 No', 'retry-after: 7\r\n', ''),
      { kind: 'http-status', retryAfterMs: undefined },
    ],
    [
      'a redirect',
      () => status('307 There', 'location: http://127.0.0.1/\r\n', ''),
      { kind: 'http-status', status: 307 },
    ],
    ['a page with 200', () => status('200 OK', 'content-type: text/html\r\n', '<p>'), PROTOCOL],
    [
      'an error with 200 instead of a stream',
      ({ errorBody }) =>
        status('200 OK', 'content-type: application/json\r\n', errorBody('not today')),
      { ...PROTOCOL, message: expect.stringContaining('not today') as string },
    ],
    ['JSON with 200', () => status('200 OK', 'content-type: application/json\r\n', '{}'), PROTOCOL],
    [
      'gzip',
      () => (socket) => {
        socket.write(
          'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n',
        )
        socket.end(gzipSync(Buffer.alloc(1_000_000)))
      },
      PROTOCOL,
    ],
    ['malformed JSON', ({ start }) => stream(`${start}data: {"a":[\n\n`), PROTOCOL],
    [
      'an error in the stream',
      ({ start, text, error }) => stream(start + text('a') + error('boom')),
      {
        ...PROTOCOL,
        message: expect.stringMatching(/^the stream reported an error: boom/) as string,
      },
    ],
    ['half a stream', ({ start, text }) => stream(start + text('a')), { kind: 'interrupted' }],
    ['half an event', ({ text }) => stream(text('abc').slice(0, 40)), PROTOCOL],
    [
      'a reset',
      ({ start, text }) =>
        (socket) =>
          socket.write(STREAM_HEAD + start + text('a'), () => socket.resetAndDestroy()),
      { kind: 'interrupted' },
    ],
    ['a close before the head', () => (socket) => socket.destroy(), { kind: 'connect' }],
    ['an empty stream', () => stream(''), { kind: 'interrupted' }],
    ['an empty answer', ({ start, end }) => stream(start + end), { kind: 'empty' }],
    [
      'a blank answer',
      ({ start, text, end }) => stream(start + text(' \n') + end),
      { kind: 'empty' },
    ],
    [
      'reasoning without an answer',
      ({ start, reasoning, end }) => stream(start + reasoning('hm') + end),
      { kind: 'empty' },
    ],
    [
      'inline thinking without an answer',
      ({ start, text, end }) => stream(`${start}${text('<think>hm')}${end}`),
      { kind: 'empty' },
    ],
    [
      'a line of 10 MB',
      () => (socket) => {
        socket.write(STREAM_HEAD)
        socket.end(`data: ${'x'.repeat(10_000_000)}`)
      },
      PROTOCOL,
    ],
    [
      'an endless answer',
      ({ text }) => endless(text('x'.repeat(10_000))),
      { ...PROTOCOL, message: `the answer is longer than ${MAX_ANSWER_CHARACTERS} characters` },
    ],
    [
      'endless reasoning',
      ({ reasoning }) => endless(reasoning('x'.repeat(10_000))),
      { ...PROTOCOL, message: `the reasoning is longer than ${MAX_ANSWER_CHARACTERS} characters` },
    ],
  ])('%s', async (_, behaviour, expected) => {
    await expect(readAnswer(ask(behaviour(api)))).rejects.toMatchObject({
      name: 'ProviderError',
      ...expected,
    })
  })

  test('a key that the provider quotes is in no error', async () => {
    for (const behaviour of [
      status('401 No', '', api.errorBody(`no such key: ${KEY}`)),
      status('401 No', '', api.errorBody(`no such key: ${KEY.slice(0, 14)}`)),
      stream(api.start + api.error(`no such key: ${KEY}`)),
    ]) {
      const failed = await readAnswer(ask(behaviour)).catch((cause: unknown) => cause as Error)
      const all = JSON.stringify(failed) + (failed as Error).stack + String((failed as Error).cause)
      expect(all).toContain('[key]')
      expect(all).not.toContain(KEY.slice(0, 14))
    }
  })

  test('aborting closes the connection', async () => {
    const controller = new AbortController()
    const hanging: Behaviour = (socket) => socket.write(STREAM_HEAD + api.start + api.text('a'))
    const answer = ask(hanging, controller.signal)[Symbol.asyncIterator]()
    await answer.next()
    const waiting = answer.next()
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
  })

  test('a stream left open after its end is closed', async () => {
    const open: Behaviour = (socket) =>
      socket.write(STREAM_HEAD + api.start + api.text('a') + api.end)
    expect((await readAnswer(ask(open))).text).toBe('a')
  })
})
