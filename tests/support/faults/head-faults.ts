import { gzipSync } from 'node:zlib'
import { CANARY } from './dialects.ts'
import { fails, PIECES, succeeds, type Fault } from './fault.ts'
import { CHUNKED, every, head, httpChunk, LAST_CHUNK, sendWhole, stream } from './wire.ts'

const TEN_MEGABYTES = 10 * 1024 * 1024

const refusal = (status: string, more: Readonly<Record<string, string>> = {}): Fault => {
  const code = Number(status.slice(0, 3))
  const [extra] = Object.entries(more).map(([name, value]) => ` and ${name}: ${value}`)
  const busy = code === 429 || code === 503 || code === 529
  return {
    id: extra === undefined ? String(code) : `${code}-retry-after`,
    what: `answers ${status}${extra ?? ''}`,
    limit: 'first',
    expect: busy ? fails('overloaded') : fails('http-status', 'overloaded'),
    // Who wants to be left alone for longer than anybody waits is not asked, well or not.
    ...(Number(more['retry-after'] ?? 0) > 1 ? { heals: false } : {}),
    behave: (call) =>
      sendWhole(call, status, 'application/json', call.speech.errorBody(code), more),
  }
}

const redirect = (status: string): Fault => ({
  id: `redirect-${status.slice(0, 3)}`,
  what: `answers ${status} to another address`,
  limit: 'first',
  expect: fails('http-status'),
  behave: (call) =>
    sendWhole(call, status, 'text/plain', CANARY, { location: `${call.elsewhere}/v1/models` }),
})

const wrongHead = (
  id: string,
  what: string,
  headers: Readonly<Record<string, string>>,
  body: (call: Parameters<Fault['behave']>[0]) => string | Buffer,
): Fault => ({
  id,
  what,
  limit: 'first',
  expect: fails('protocol'),
  behave(call) {
    const bytes = Buffer.from(body(call))
    call.socket.write(head('200 OK', { 'content-length': String(bytes.length), ...headers }))
    call.socket.write(bytes)
  },
})

/** Made once: sixteen megabytes of nothing in sixteen kilobytes. */
const BOMB = gzipSync(Buffer.alloc(16 * 1024 * 1024))

/** What goes wrong before the first byte of an answer. */
export const HEAD_FAULTS: readonly Fault[] = [
  {
    id: 'silence-before-head',
    what: 'reads the request and says nothing',
    limit: 'first',
    expect: fails('timeout'),
    behave: () => undefined,
  },
  {
    id: 'slow-head',
    what: 'sends its head a header every 200 ms, for ever',
    limit: 'first',
    expect: fails('timeout'),
    behave(call) {
      call.socket.write('HTTP/1.1 200 OK\r\n')
      every(call, 200, () => call.socket.write(`x-${CANARY}: 1\r\n`))
    },
  },
  {
    id: 'huge-head',
    what: 'sends 256 KB of headers',
    limit: 'first',
    expect: fails('connect', 'protocol'),
    behave: ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      for (let n = 0; n < 256; n += 1) socket.write(`x-${CANARY}-${n}: ${'h'.repeat(1000)}\r\n`)
      socket.write('\r\n')
    },
  },
  {
    id: 'duplicate-headers',
    what: 'sends every header twice, and answers',
    limit: 'first',
    expect: succeeds(),
    behave({ socket, speech }) {
      const twice = head().replace('\r\n\r\n', '\r\n')
      socket.end(`${twice}${twice.slice(twice.indexOf('\r\n') + 2)}\r\n${stream(speech, PIECES)}`)
    },
  },
  {
    id: 'two-lengths',
    what: 'sends two different Content-Length',
    limit: 'first',
    expect: fails('connect', 'protocol'),
    behave: ({ socket, speech }) => {
      const lengths = 'content-length: 7\r\ncontent-length: 9000\r\n\r\n'
      socket.write(head().replace(/\r\n$/, lengths) + stream(speech, PIECES))
    },
  },
  {
    id: 'no-http',
    what: 'says something that is no HTTP',
    limit: 'first',
    expect: fails('connect', 'protocol'),
    behave: ({ socket }) => void socket.end(`220 ${CANARY} ESMTP ready\r\n`),
  },
  {
    id: 'closes-unanswered',
    what: 'reads the request and closes',
    limit: 'first',
    expect: fails('connect', 'interrupted'),
    behave: ({ socket }) => void socket.end(),
  },
  {
    id: 'early-hints',
    what: 'sends 100 Continue and 103 Early Hints, then answers',
    limit: 'first',
    expect: succeeds(),
    behave({ socket, speech }) {
      socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </${CANARY}>; rel=preload\r\n\r\n`)
      socket.end(head() + stream(speech, PIECES))
    },
  },
  {
    id: 'hints-for-ever',
    what: 'sends 102 Processing for ever',
    limit: 'first',
    expect: fails('timeout', 'connect', 'protocol'),
    behave: (call) => every(call, 100, () => call.socket.write('HTTP/1.1 102 Processing\r\n\r\n')),
  },
  {
    id: 'upgrade',
    what: 'answers 101 Switching Protocols',
    limit: 'first',
    expect: fails('connect', 'protocol', 'http-status'),
    behave: ({ socket }) =>
      void socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${CANARY}\r\n\r\n`,
      ),
  },
  redirect('301 Moved Permanently'),
  redirect('302 Found'),
  redirect('307 Temporary Redirect'),
  redirect('308 Permanent Redirect'),
  refusal('400 Bad Request'),
  refusal('401 Unauthorized'),
  refusal('403 Forbidden'),
  refusal('404 Not Found'),
  refusal('408 Request Timeout'),
  refusal('413 Content Too Large'),
  refusal('422 Unprocessable Content'),
  refusal('429 Too Many Requests'),
  refusal('429 Too Many Requests', { 'retry-after': '1' }),
  refusal('500 Internal Server Error'),
  refusal('502 Bad Gateway'),
  refusal('503 Service Unavailable'),
  refusal('503 Service Unavailable', { 'retry-after': '120' }),
  refusal('529 Overloaded'),
  {
    id: 'no-content',
    what: 'answers 204 No Content',
    limit: 'first',
    expect: fails('http-status', 'protocol'),
    behave: ({ socket }) => void socket.end(`HTTP/1.1 204 No Content\r\nserver: ${CANARY}\r\n\r\n`),
  },
  {
    id: 'error-10mb',
    what: 'answers 500 with a body of 10 MB',
    limit: 'first',
    expect: fails('http-status'),
    behave: (call) =>
      sendWhole(
        call,
        '500 Internal Server Error',
        'application/json',
        `{"error":{"message":"${CANARY.padEnd(TEN_MEGABYTES, '!')}"}}`,
      ),
  },
  {
    id: 'error-stalls',
    what: 'answers 500 and stalls in the body',
    limit: 'first',
    expect: fails('http-status', 'timeout'),
    behave: ({ socket }) =>
      void socket.write(
        head('500 Internal Server Error', { 'content-length': '5000' }) + `{"error":"${CANARY}`,
      ),
  },
  wrongHead('html', 'answers a page with 200', { 'content-type': 'text/html' }, () =>
    `<!doctype html><title>${CANARY}</title>`.padEnd(5000),
  ),
  wrongHead(
    'json',
    'answers JSON with 200 instead of a stream',
    { 'content-type': 'application/json' },
    ({ speech }) => speech.whole,
  ),
  wrongHead(
    'wrong-type',
    'sends its stream as text/plain',
    { 'content-type': 'text/plain' },
    ({ speech }) => stream(speech, PIECES),
  ),
  wrongHead('gzip', 'compresses its stream unasked', { 'content-encoding': 'gzip' }, ({ speech }) =>
    gzipSync(stream(speech, PIECES)),
  ),
  wrongHead('gzip-bomb', 'sends a gzip bomb', { 'content-encoding': 'gzip' }, () => BOMB),
  {
    id: 'second-answer',
    what: 'sends a second answer that nobody asked for on the same connection',
    limit: 'first',
    expect: succeeds(),
    behave({ socket, speech }) {
      const poison = head('200 OK', CHUNKED)
      const body = httpChunk(stream(speech, [`${CANARY} poison`]))
      socket.write(head('200 OK', CHUNKED))
      socket.write(httpChunk(stream(speech, PIECES)))
      socket.write(Buffer.concat([Buffer.from(LAST_CHUNK + poison), body, Buffer.from(LAST_CHUNK)]))
    },
  },
  {
    id: 'http-1.0',
    what: 'answers in HTTP/1.0',
    limit: 'first',
    expect: succeeds(),
    behave: ({ socket, speech }) =>
      void socket.end(head().replace('HTTP/1.1', 'HTTP/1.0') + stream(speech, PIECES)),
  },
]
