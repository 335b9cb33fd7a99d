import { once } from 'node:events'
import { createServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { MAX_ANSWER_CHARACTERS } from '../../../../server/providers/answer-words.ts'
import { createFixedGuard } from '../../../../server/providers/endpoint-guard.ts'
import { createOpenAiProvider } from '../../../../server/providers/openai-compatible.ts'
import type { ProviderError } from '../../../../server/providers/provider.ts'
import { createTransport, type Transport } from '../../../../server/providers/transport.ts'
import {
  DONE,
  FINISH,
  goodAnswer,
  readAnswer,
  startProviderServer,
  STREAM_HEAD,
  textEvent,
  type Behaviour,
  type ProviderServer,
} from '../../../support/providers/provider-server.ts'

const request = { messages: [{ role: 'user' as const, content: 'hi' }], sampling: {} }
const KEY = 'sk-canary-0123456789'
const NOW = Date.UTC(2026, 0, 1)

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

function ask(behaviour: Behaviour, signal = new AbortController().signal) {
  server.behave(behaviour)
  const endpoint = { baseUrl: server.baseUrl, model: 'm', apiKey: KEY }
  return createOpenAiProvider(endpoint, transport, () => NOW)(request, signal)
}

const status =
  (line: string, headers = '', body = ''): Behaviour =>
  (socket) =>
    socket.end(
      `HTTP/1.1 ${line}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    )
const stream =
  (text: string): Behaviour =>
  (socket) =>
    socket.end(STREAM_HEAD + text)

describe('what is sent', () => {
  test('nothing that was not set', async () => {
    await readAnswer(ask(goodAnswer('x')))
    const { head, body } = server.requests.at(-1) ?? { head: '', body: '' }
    expect(JSON.parse(body)).toEqual({
      model: 'm',
      messages: request.messages,
      stream: true,
      stream_options: { include_usage: true },
    })
    expect(head).toContain('POST /v1/chat/completions HTTP/1.1')
    expect(head.toLowerCase()).toContain('accept-encoding: identity')
    expect(head).toContain(`Bearer ${KEY}`)
  })

  test('sampling by its names of the wire, the prefix as a message to go on from, no key', async () => {
    server.behave(goodAnswer('x'))
    const endpoint = { baseUrl: `${server.baseUrl}/`, model: 'm' }
    const sampling = {
      temperature: 0,
      topP: 0.5,
      topK: 3,
      minP: 0,
      repetitionPenalty: 1.1,
      maxTokens: 9,
      seed: 0,
    }
    const answer = createOpenAiProvider(endpoint, transport)(
      { ...request, answerPrefix: 'Arr,', sampling },
      new AbortController().signal,
    )
    await readAnswer(answer)
    const { head, body } = server.requests.at(-1) ?? { head: '', body: '' }
    expect(JSON.parse(body)).toMatchObject({
      messages: [...request.messages, { role: 'assistant', content: 'Arr,' }],
      continue_final_message: true,
      add_generation_prompt: false,
      temperature: 0,
      top_p: 0.5,
      top_k: 3,
      min_p: 0,
      repetition_penalty: 1.1,
      max_tokens: 9,
      seed: 0,
    })
    expect(head.toLowerCase()).not.toContain('authorization')
  })
})

describe('good answers', () => {
  const usage = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n'
  test.each<[string, string, string, unknown]>([
    [
      'plain',
      textEvent('a') + FINISH + usage + DONE,
      'a',
      { end: 'stop', usage: { promptTokens: 3, completionTokens: 4 } },
    ],
    ['no [DONE]', textEvent('a') + FINISH, 'a', { end: 'stop' }],
    ['no finish_reason', textEvent('a') + DONE, 'a', { end: 'stop' }],
    [
      'length',
      `${textEvent('a')}data: {"choices":[{"finish_reason":"length"}]}\n\n${DONE}`,
      'a',
      { end: 'length' },
    ],
    [
      'tool_calls',
      `${textEvent('a')}data: {"choices":[{"finish_reason":"tool_calls"}]}\n\n${DONE}`,
      'a',
      { end: 'stop' },
    ],
    [
      'comments and reasoning',
      `: hi\n\ndata: {"choices":[{"delta":{"reasoning_content":"hm"}}]}\n\n${textEvent('a')}${FINISH}`,
      'a',
      { end: 'stop' },
    ],
    ['CRLF', (textEvent('a€') + FINISH).replaceAll('\n', '\r\n'), 'a€', { end: 'stop' }],
    ['rubbish after the end', `${textEvent('a')}${DONE}data: {{{\n\n`, 'a', { end: 'stop' }],
  ])('%s', async (_, text, expected, end) => {
    const { text: read, parts } = await readAnswer(ask(stream(text)))
    expect(read).toBe(expected)
    expect(parts.at(-1)).toEqual({ usage: undefined, ...(end as object) })
  })

  test('one byte at a time', async () => {
    const bytes = Buffer.from(textEvent('Grüße €😀') + textEvent(' "q"') + FINISH + DONE)
    const { text } = await readAnswer(
      ask((socket) => {
        socket.setNoDelay(true)
        socket.write(STREAM_HEAD)
        let at = 0
        const next = () => {
          if (at === bytes.length) socket.end()
          else socket.write(bytes.subarray(at, ++at), () => setImmediate(next))
        }
        next()
      }),
    )
    expect(text).toBe('Grüße €😀 "q"')
  })

  test('what arrived together is one part', async () => {
    const { parts } = await readAnswer(ask(stream(textEvent('a') + textEvent('b') + FINISH)))
    expect(parts).toEqual([{ text: 'ab' }, { end: 'stop', usage: undefined }])
  })

  test('a connection is used again, and one that closed meanwhile is no failure', async () => {
    const keepAlive: Behaviour = (socket) => {
      const body = textEvent('a') + FINISH + DONE
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
    }
    const made = server.connections.made
    await readAnswer(ask(keepAlive))
    await readAnswer(ask(keepAlive))
    expect(server.connections.made - made).toBe(1)
    let first = true
    const closing: Behaviour = (socket, received) => {
      if (first) socket.resetAndDestroy()
      else goodAnswer('b')(socket, received)
      first = false
    }
    expect((await readAnswer(ask(closing))).text).toBe('b')
    expect(server.connections.made - made).toBe(2)
  })
})

describe('failures', () => {
  const error = (cause: object | string) => `data: ${JSON.stringify({ error: cause })}\n\n`
  test.each<[string, Behaviour, Partial<ProviderError>]>([
    [
      '401',
      status('401 No', '', '{"error":{"message":"bad key"}}'),
      { kind: 'http-status', message: 'HTTP 401: bad key' },
    ],
    [
      '403 with a page',
      status('403 No', '', '<html>no</html>'),
      { kind: 'http-status', message: 'HTTP 403' },
    ],
    ['404', status('404 No'), { kind: 'http-status' }],
    ['500', status('500 No', '', 'oh\r\nno'), { kind: 'http-status', message: 'HTTP 500: oh no' }],
    ['503', status('503 No'), { kind: 'overloaded', retryAfterMs: undefined }],
    [
      '429 with seconds',
      status('429 No', 'retry-after: 7\r\n'),
      { kind: 'overloaded', retryAfterMs: 7000 },
    ],
    [
      '429 with a date',
      status('429 No', `retry-after: ${new Date(NOW + 5000).toUTCString()}\r\n`),
      { kind: 'overloaded', retryAfterMs: 5000 },
    ],
    [
      '429 with nonsense',
      status('429 No', 'retry-after: soon\r\n'),
      { kind: 'overloaded', retryAfterMs: undefined },
    ],
    ['a redirect', status('302 Found', 'location: http://127.0.0.1/\r\n'), { kind: 'http-status' }],
    ['204', status('204 Nothing'), { kind: 'http-status' }],
    [
      'a page with 200',
      status('200 OK', 'content-type: text/html\r\n', '<html>'),
      { kind: 'protocol' },
    ],
    [
      'JSON with 200',
      status('200 OK', 'content-type: application/json\r\n', '{}'),
      { kind: 'protocol' },
    ],
    ['no type', status('200 OK'), { kind: 'protocol' }],
    [
      'gzip',
      (socket) => {
        socket.write(
          'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n',
        )
        socket.end(gzipSync(Buffer.alloc(10_000_000)))
      },
      { kind: 'protocol' },
    ],
    ['malformed JSON', stream('data: {"choices":[\n\n'), { kind: 'protocol' }],
    [
      'an error in the stream',
      stream(textEvent('a') + error({ message: 'boom' })),
      { kind: 'protocol', message: 'the stream reported an error: boom' },
    ],
    ['an error that is a text', stream(error('boom')), { kind: 'protocol' }],
    ['half a stream', stream(textEvent('a')), { kind: 'interrupted' }],
    ['half an event', stream('data: {"choices":[{"delta":{"content":"a"'), { kind: 'protocol' }],
    [
      'a reset',
      (socket) => socket.write(STREAM_HEAD + textEvent('a'), () => socket.resetAndDestroy()),
      { kind: 'interrupted' },
    ],
    ['a close before the head', (socket) => socket.destroy(), { kind: 'connect' }],
    ['half a head', (socket) => socket.end('HTTP/1.1 200 OK\r\nconte'), { kind: 'connect' }],
    ['no HTTP', (socket) => socket.end('SSH-2.0-OpenSSH\r\n\r\n'), { kind: 'connect' }],
    [
      'a huge head',
      (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`),
      { kind: 'connect' },
    ],
    ['an empty stream', stream(''), { kind: 'interrupted' }],
    ['an empty answer', stream(FINISH + DONE), { kind: 'empty' }],
    ['a blank answer', stream(textEvent(' \n') + FINISH + DONE), { kind: 'empty' }],
    ['only [DONE]', stream(DONE), { kind: 'empty' }],
    [
      'a filtered answer',
      stream('data: {"choices":[{"finish_reason":"content_filter"}]}\n\n'),
      { kind: 'empty' },
    ],
    [
      'a line of 10 MB',
      (socket) => {
        socket.write(STREAM_HEAD)
        socket.end(`data: ${'x'.repeat(10_000_000)}`)
      },
      { kind: 'protocol' },
    ],
    [
      'an endless answer',
      (socket) => {
        socket.write(STREAM_HEAD)
        const bytes = textEvent('x'.repeat(10_000)).repeat(10)
        const more = () => socket.writable && socket.write(bytes, more)
        more()
      },
      {
        kind: 'protocol',
        message: `the answer is longer than ${MAX_ANSWER_CHARACTERS} characters`,
      },
    ],
  ])('%s', async (_, behaviour, expected) => {
    await expect(readAnswer(ask(behaviour))).rejects.toMatchObject({
      name: 'ProviderError',
      ...expected,
    })
  })

  test('the text before a failure is given out', async () => {
    const answer = ask(stream(textEvent('so far') + error('boom')))[Symbol.asyncIterator]()
    expect(await answer.next()).toEqual({ done: false, value: { text: 'so far' } })
    await expect(answer.next()).rejects.toMatchObject({ kind: 'protocol' })
    expect(await answer.next()).toEqual({ done: true, value: undefined })
  })

  test('nobody listens', async () => {
    const closed = await startProviderServer()
    await closed.close()
    const provider = createOpenAiProvider({ baseUrl: closed.baseUrl, model: 'm' }, transport)
    const answer = provider(request, new AbortController().signal)
    await expect(readAnswer(answer)).rejects.toMatchObject({ kind: 'connect' })
  })

  test.each<[string, Behaviour | null, string]>([
    ['never answers the handshake', null, 'timeout'],
    ['does not speak TLS', (socket) => socket.end('HTTP/1.1 400 No\r\n\r\n'), 'connect'],
    ['closes during the handshake', (socket) => socket.destroy(), 'connect'],
  ])('a TLS peer that %s', async (_, greet, kind) => {
    const listener = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.resume()
      if (greet !== null) socket.once('data', () => greet(socket, { head: '', body: '' }))
    })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    const quick = createTransport({
      guard: createFixedGuard('127.0.0.1'),
      connectTimeoutMs: kind === 'timeout' ? 50 : 5000,
    })
    const endpoint = { baseUrl: `https://127.0.0.1:${port}`, model: 'm' }
    const answer = createOpenAiProvider(endpoint, quick)(request, new AbortController().signal)
    await expect(readAnswer(answer)).rejects.toMatchObject({ kind })
    // Closing waits for the last connection: none may be left.
    await new Promise((resolve) => listener.close(resolve))
    quick.close()
  })

  test('a key that the provider quotes is in no error', async () => {
    for (const behaviour of [
      status('401 No', '', `{"error":{"message":"no such key: ${KEY}"}}`),
      stream(error(`no such key: ${KEY}`)),
    ]) {
      const failed = await readAnswer(ask(behaviour)).catch((cause: unknown) => cause as Error)
      expect(failed).toMatchObject({ message: expect.stringContaining('[key]') as string })
      expect(
        JSON.stringify(failed) + (failed as Error).stack + String((failed as Error).cause),
      ).not.toContain(KEY)
    }
  })
})

describe('letting go', () => {
  const hanging: Behaviour = (socket) => socket.write(STREAM_HEAD + textEvent('a'))

  test('aborting closes the connection, with the reason of the abort', async () => {
    const controller = new AbortController()
    const answer = ask(hanging, controller.signal)[Symbol.asyncIterator]()
    await answer.next()
    const waiting = answer.next()
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await server.idle()
  })

  test('aborting before the head closes the connection', async () => {
    const controller = new AbortController()
    const answer = ask(() => controller.abort(new Error('enough')), controller.signal)
    await expect(readAnswer(answer)).rejects.toThrow('enough')
    await server.idle()
  })

  test('a signal aborted before sends nothing', async () => {
    const made = server.connections.made
    const answer = ask(hanging, AbortSignal.abort(new Error('enough')))
    await expect(readAnswer(answer)).rejects.toThrow('enough')
    expect(server.connections.made).toBe(made)
  })

  test('an abandoned answer closes the connection', async () => {
    for await (const part of ask(hanging)) {
      expect(part).toEqual({ text: 'a' })
      break
    }
    await server.idle()
  })

  test('a stream left open after its end is closed', async () => {
    const open: Behaviour = (socket) => socket.write(STREAM_HEAD + textEvent('a') + FINISH + DONE)
    expect((await readAnswer(ask(open))).text).toBe('a')
    await server.idle()
  })
})
