import { CANARY, type Speech } from './dialects.ts'
import { fails, PIECES, succeeds, TEXT, type Fault } from './fault.ts'
import { CHUNKED, every, flood, head, httpChunk, LAST_CHUNK, stream, trickle } from './wire.ts'

type Made = Omit<Fault, 'id' | 'what' | 'limit'> & Partial<Pick<Fault, 'limit'>>

const fault = (id: string, what: string, made: Made): Fault => ({
  id,
  what,
  limit: 'first',
  ...made,
})

/** A stream that is sent at once and ends with its connection. */
const sends = (body: (speech: Speech) => string | Buffer): Fault['behave'] => {
  return ({ socket, speech }) => {
    socket.write(head())
    socket.end(body(speech))
  }
}

const half = (speech: Speech) => speech.opening + speech.text(PIECES[0]) + speech.text(PIECES[1])

/** A stream that begins well and then stays open. */
const beginsThen = (act: (call: Parameters<Fault['behave']>[0]) => void): Fault['behave'] => {
  return (call) => {
    call.socket.write(head() + half(call.speech))
    act(call)
  }
}

const withLineEnds = (text: string, ends: readonly string[]): string =>
  text
    .split('\n\n')
    .map((event, at) => {
      const end = ends[at % ends.length] ?? '\n'
      return event === '' ? '' : event.split('\n').join(end) + end + end
    })
    .join('')

/** Cuts inside every character that has several bytes. */
const insideCharacters = (bytes: Buffer): Buffer[] => {
  const parts: Buffer[] = []
  let from = 0
  for (let at = 1; at < bytes.length; at += 1) {
    const isContinuation = ((bytes[at] ?? 0) & 0xc0) === 0x80
    if (!isContinuation) continue
    parts.push(bytes.subarray(from, at))
    from = at
  }
  return [...parts, bytes.subarray(from)]
}

const singleBytes = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.of(byte))

const prettyData = (speech: Speech, piece: string): string => {
  const data = JSON.stringify(JSON.parse(speech.textData(piece)), undefined, 2)
  return speech.event(data.replaceAll('\n', '\ndata: '))
}

const BROKEN = `{"id":"${CANARY}","half`

/** What goes wrong once a stream has begun; some of it must not matter. */
export const STREAM_FAULTS: readonly Fault[] = [
  // Silence
  fault('silence-before-token', 'begins a stream and never says a word', {
    expect: fails('timeout'),
    behave: ({ socket, speech }) => void socket.write(head() + speech.opening),
  }),
  fault('silence-between-tokens', 'falls silent after some words', {
    limit: 'gap',
    expect: fails('timeout'),
    behave: beginsThen(() => undefined),
  }),
  fault('comments-for-ever', 'sends keep-alive comments for ever and no word', {
    expect: fails('timeout'),
    behave(call) {
      call.socket.write(head() + call.speech.opening)
      every(call, 100, () => call.socket.write(`: ${CANARY} keep-alive\n\n`))
    },
  }),
  fault('comments-after-text', 'sends some words, then comments for ever', {
    limit: 'gap',
    expect: fails('timeout'),
    behave: beginsThen((call) => every(call, 100, () => call.socket.write(': still here\n\n'))),
  }),
  fault('drip', 'sends one byte a second', {
    expect: fails('timeout'),
    behave(call) {
      call.socket.write(head())
      const bytes = Buffer.from(stream(call.speech, PIECES))
      let at = 0
      every(call, 1000, () => {
        call.socket.write(bytes.subarray(at, at + 1))
        at += 1
      })
    },
  }),
  fault('roles-for-ever', 'sends events without a word for ever', {
    expect: fails('timeout'),
    behave(call) {
      call.socket.write(head() + call.speech.opening)
      every(call, 50, () => call.socket.write(call.speech.role))
    },
  }),
  // Endless
  fault('slow-for-ever', 'sends a word now and then, for ever', {
    limit: 'total',
    expect: fails('timeout'),
    behave: beginsThen((call) =>
      every(call, 200, () => call.socket.write(call.speech.text('more '))),
    ),
  }),
  fault('endless-text', 'never stops talking', {
    limit: 'total',
    expect: fails('protocol', 'timeout'),
    behave: beginsThen((call) => flood(call, Buffer.from(call.speech.text('more ').repeat(200)))),
  }),
  fault('endless-reasoning', 'never stops thinking', {
    limit: 'total',
    expect: fails('protocol', 'timeout', 'empty'),
    behave(call) {
      call.socket.write(head() + call.speech.opening)
      flood(call, Buffer.from(call.speech.reasoning('more ').repeat(200)))
    },
  }),
  fault('flood-of-comments', 'sends comments as fast as it can', {
    expect: fails('protocol', 'timeout'),
    behave(call) {
      call.socket.write(head() + call.speech.opening)
      flood(call, Buffer.from(': keep-alive\n\n'.repeat(1000)))
    },
  }),
  fault('flood-of-chunks', 'sends HTTP chunks of one byte as fast as it can', {
    expect: fails('protocol', 'timeout'),
    behave(call) {
      call.socket.write(head('200 OK', CHUNKED))
      call.socket.write(httpChunk(call.speech.role))
      flood(call, Buffer.concat(Array.from({ length: 1000 }, () => httpChunk('\n'))))
    },
  }),
  fault('flood-of-events', 'sends events without a word as fast as it can', {
    expect: fails('protocol', 'timeout'),
    behave(call) {
      call.socket.write(head() + call.speech.opening)
      flood(call, Buffer.from(call.speech.role.repeat(50)))
    },
  }),
  fault('line-10mb', 'sends a line of 10 MB', {
    expect: fails('protocol'),
    behave: ({ socket }) => {
      socket.write(`${head()}data: {"${CANARY}":"`)
      socket.write(Buffer.alloc(10 * 1024 * 1024, 'x'))
    },
  }),
  fault('event-10mb', 'sends an event of 10 MB in short lines', {
    expect: fails('protocol'),
    behave: ({ socket }) => {
      socket.write(head())
      socket.write(Buffer.from(`data: ${'x'.repeat(1000)}\n`.repeat(10_000)))
    },
  }),
  fault('deep-json', 'nests an event 100,000 deep', {
    expect: fails('protocol', 'empty', 'interrupted'),
    behave: sends(
      (speech) =>
        speech.opening +
        speech.event(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) +
        speech.event(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`),
    ),
  }),
  // Cut off
  fault('half-then-fin', 'closes in the middle', {
    expect: fails('interrupted'),
    behave: sends(half),
  }),
  fault('half-then-fin-chunked', 'closes in the middle of a chunked body', {
    expect: fails('interrupted'),
    behave: ({ socket, speech }) => {
      socket.write(head('200 OK', CHUNKED))
      socket.end(httpChunk(half(speech)))
    },
  }),
  fault('half-then-rst', 'resets the connection in the middle', {
    expect: fails('interrupted', 'connect'),
    behave: beginsThen((call) => call.later(50, () => void call.socket.resetAndDestroy())),
  }),
  fault('half-event', 'closes in the middle of an event', {
    expect: fails('interrupted', 'protocol'),
    behave: sends((speech) => half(speech) + speech.text(PIECES[2]).slice(0, -12)),
  }),
  fault('length-too-long', 'promises more bytes than it sends', {
    expect: fails('interrupted'),
    behave: ({ socket, speech }) => {
      socket.end(head('200 OK', { 'content-length': '100000' }) + half(speech))
    },
  }),
  fault('length-too-short', 'promises fewer bytes than it sends', {
    expect: fails('interrupted', 'protocol'),
    behave: ({ socket, speech }) => {
      const length = Buffer.byteLength(half(speech))
      const all = head('200 OK', { 'content-length': String(length) }) + stream(speech, PIECES)
      socket.end(all)
    },
  }),
  fault('bad-chunk', 'breaks its chunked coding', {
    expect: fails('interrupted', 'protocol', 'connect'),
    behave: ({ socket, speech }) => {
      socket.write(head('200 OK', CHUNKED))
      socket.write(httpChunk(half(speech)))
      socket.write(`${CANARY}\r\n`)
    },
  }),
  // The end
  fault('no-marker', 'tells its finish and closes without the end marker', {
    dialects: ['openai', 'anthropic'],
    expect: succeeds(),
    behave: sends(
      (speech) =>
        speech.opening + PIECES.map((piece) => speech.text(piece)).join('') + speech.finish(),
    ),
  }),
  fault('stays-open', 'tells its finish and never closes', {
    limit: 'gap',
    expect: succeeds(),
    behave: ({ socket, speech }) => {
      const texts = PIECES.map((piece) => speech.text(piece)).join('')
      socket.write(head() + speech.opening + texts + speech.finish())
    },
  }),
  fault('chatters-after-finish', 'tells its finish and sends comments for ever', {
    limit: 'gap',
    expect: succeeds(),
    behave(call) {
      const { socket, speech } = call
      socket.write(head() + stream(speech, PIECES))
      every(call, 50, () => socket.write(`: ${CANARY}\n\n`))
    },
  }),
  fault('no-finish', 'closes after its words without a finish', {
    expect: fails('interrupted'),
    behave: sends((speech) => speech.opening + PIECES.map((each) => speech.text(each)).join('')),
  }),
  fault('marker-only', 'sends the end marker without a finish reason', {
    dialects: ['openai', 'anthropic'],
    expect: succeeds(),
    behave: sends(
      (speech) =>
        speech.opening + PIECES.map((piece) => speech.text(piece)).join('') + speech.marker,
    ),
  }),
  fault('length', 'stops at its token limit', {
    expect: succeeds(TEXT, 'length'),
    behave: sends((speech) => {
      const texts = PIECES.map((piece) => speech.text(piece)).join('')
      return speech.opening + texts + speech.finish('length') + speech.usage + speech.marker
    }),
  }),
  fault('after-the-end', 'goes on after its end', {
    dialects: ['openai', 'anthropic'],
    expect: succeeds(),
    behave: sends(
      (speech) => stream(speech, PIECES) + speech.text(`${CANARY} again`) + speech.error,
    ),
  }),
  // Framing that must not matter
  fault('cr', 'ends its lines with CR', {
    expect: succeeds(),
    behave: sends((speech) => withLineEnds(stream(speech, PIECES), ['\r'])),
  }),
  fault('crlf', 'ends its lines with CRLF', {
    expect: succeeds(),
    behave: sends((speech) => withLineEnds(stream(speech, PIECES), ['\r\n'])),
  }),
  fault('mixed-line-ends', 'ends its lines with CR, CRLF and LF by turns', {
    expect: succeeds(),
    behave: sends((speech) => withLineEnds(stream(speech, PIECES), ['\r', '\r\n', '\n'])),
  }),
  fault('multi-line-data', 'spreads an event over many data lines', {
    expect: succeeds(),
    behave: sends(
      (speech) =>
        speech.opening +
        PIECES.map((piece) => prettyData(speech, piece)).join('') +
        speech.finish() +
        speech.marker,
    ),
  }),
  fault('comments-between', 'sends comments, ids, retries and unknown fields between its words', {
    expect: succeeds(),
    behave: sends((speech) => {
      const noise = `: ${CANARY}\n\nid: ${CANARY}\nretry: 1\n\nno colon here\nfoo: ${CANARY}\n\n`
      const texts = PIECES.map((piece) => noise + speech.text(piece)).join('')
      return speech.opening + texts + noise + speech.finish() + noise + speech.marker
    }),
  }),
  fault('byte-order-mark', 'begins with a byte order mark and leaves out blanks after colons', {
    expect: succeeds(),
    behave: sends((speech) => `\ufeff${stream(speech, PIECES).replaceAll('data: ', 'data:')}`),
  }),
  fault('split-utf8', 'splits its packets inside characters', {
    expect: succeeds(),
    behave(call) {
      call.socket.write(head())
      const bytes = Buffer.from(stream(call.speech, PIECES))
      trickle(call, insideCharacters(bytes), () => call.socket.end())
    },
  }),
  fault('one-byte-writes', 'sends every byte in a packet of its own', {
    expect: succeeds(),
    behave(call) {
      call.socket.write(head())
      const bytes = Buffer.from(stream(call.speech, PIECES))
      trickle(call, singleBytes(bytes), () => call.socket.end())
    },
  }),
  fault('one-byte-chunks', 'sends every byte in an HTTP chunk of its own', {
    expect: succeeds(),
    behave({ socket, speech }) {
      socket.write(head('200 OK', CHUNKED))
      socket.write(
        Buffer.concat(singleBytes(Buffer.from(stream(speech, PIECES))).map((b) => httpChunk(b))),
      )
      socket.end(LAST_CHUNK)
    },
  }),
  fault('invalid-utf8', 'sends bytes that are no UTF-8', {
    expect: succeeds('Bad \ufffd\ufffd bytes.'),
    behave: sends((speech) =>
      // In Latin-1 these two are single bytes that no UTF-8 has.
      Buffer.from(stream(speech, ['Bad \u00ff\u00fe bytes.']), 'latin1'),
    ),
  }),
  // Content
  fault('malformed-sse', 'sends lines that are no events', {
    expect: fails('interrupted', 'protocol', 'empty'),
    behave: sends((speech) => speech.whole.replaceAll(',', ',\n')),
  }),
  fault('malformed-json', 'sends an event that is no JSON', {
    expect: fails('protocol'),
    behave: sends((speech) => half(speech) + speech.event(BROKEN) + speech.finish()),
  }),
  fault('empty-stream', 'opens a stream and closes it', {
    expect: fails('interrupted', 'empty'),
    behave: sends(() => ''),
  }),
  fault('empty-answer', 'finishes without a word', {
    expect: fails('empty'),
    behave: sends((speech) => stream(speech, [])),
  }),
  fault('only-whitespace', 'answers nothing but blanks', {
    expect: fails('empty'),
    behave: sends((speech) => stream(speech, [' ', '\n\n', '\t'])),
  }),
  fault('only-reasoning', 'thinks, and answers nothing', {
    expect: fails('empty'),
    behave: sends(
      (speech) =>
        speech.opening +
        speech.reasoning(`${CANARY} thinks`) +
        speech.finish() +
        speech.usage +
        speech.marker,
    ),
  }),
  fault('reasoning-first', 'thinks before it answers', {
    expect: succeeds(),
    behave: sends(
      (speech) => speech.opening + speech.reasoning(`${CANARY} thinks`) + stream(speech, PIECES),
    ),
  }),
  fault('only-usage', 'tells its usage and nothing else', {
    expect: fails('empty', 'interrupted'),
    behave: sends((speech) => speech.usage + speech.marker),
  }),
  fault('error-first', 'sends an error as the first event', {
    expect: fails('protocol', 'overloaded', 'http-status', 'interrupted'),
    behave: sends((speech) => speech.error),
  }),
  fault('error-after-text', 'sends an error after some words', {
    expect: fails('protocol', 'overloaded', 'http-status', 'interrupted'),
    behave: sends((speech) => half(speech) + speech.error + speech.finish() + speech.marker),
  }),
  fault('only-tool-calls', 'calls a tool instead of answering', {
    expect: fails('empty', 'protocol'),
    behave: sends((speech) => speech.role + speech.toolCall + speech.marker),
  }),
  fault('content-filter', 'has its filter withhold the answer', {
    expect: fails('empty'),
    behave: sends((speech) => speech.opening + speech.filtered + speech.marker),
  }),
  fault('content-filter-later', 'has its filter cut the answer off', {
    expect: succeeds(),
    behave: sends((speech) => {
      const texts = PIECES.map((piece) => speech.text(piece)).join('')
      return speech.opening + texts + speech.filtered + speech.marker
    }),
  }),
  fault('nulls', 'sends null or nothing wherever it can, and an answer', {
    expect: succeeds(),
    behave: sends(
      (speech) =>
        speech.opening +
        PIECES.map((piece) => speech.sparse(piece)).join('') +
        speech.finish() +
        speech.marker,
    ),
  }),
  fault('wrong-types', 'sends fields of the wrong types', {
    expect: fails('empty', 'protocol', 'interrupted'),
    behave: sends((speech) => speech.opening + speech.wrongTypes + speech.finish() + speech.marker),
  }),
  fault('two-choices', 'sends two answers at once', {
    dialects: ['openai', 'google'],
    expect: succeeds(),
    behave: sends((speech) => {
      const { second = () => '' } = speech
      const texts = PIECES.map((piece) => speech.text(piece) + second(`${CANARY} `)).join('')
      return speech.opening + texts + speech.finish() + speech.marker
    }),
  }),
  fault('role-only', 'says who speaks again and again, and answers', {
    expect: succeeds(),
    behave: sends(
      (speech) =>
        speech.opening +
        PIECES.map((piece) => speech.role + speech.text(piece)).join('') +
        speech.finish() +
        speech.marker,
    ),
  }),
]
