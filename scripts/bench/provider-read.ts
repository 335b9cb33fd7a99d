// What it costs to read a token from a provider, in CPU microseconds of this process:
//   node --import tsx scripts/bench/provider-read.ts [streams] [tokens a second] [seconds]
// First the parsers alone, then whole streams from a provider in a child process, interleaved.
import { fork, type ChildProcess } from 'node:child_process'
import { createServer, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { createParser } from 'eventsource-parser'
import { ChunkReader } from '../../server/providers/chunk-reader.ts'
import { createFixedGuard } from '../../server/providers/endpoint-guard.ts'
import { EventSplitter } from '../../server/providers/event-splitter.ts'
import { createOpenAiProvider } from '../../server/providers/openai-compatible.ts'
import { openAiEvents } from '../../server/providers/openai-events.ts'
import { withTimeouts } from '../../server/providers/timeouts.ts'
import { createTransport } from '../../server/providers/transport.ts'

const parseChunk = (data: string) => openAiEvents.parse(JSON.parse(data))

const [streams = 200, rate = 20, seconds = 4] = process.argv.slice(2).map(Number)
const ROUNDS = 3
const HOST = '127.0.0.1'

function event(content: string): string {
  const choice = { index: 0, delta: { content }, logprobs: null, finish_reason: null }
  const head = { id: 'chatcmpl-0f1e2d3c4b5a', object: 'chat.completion.chunk', created: 1760000000 }
  return `data: ${JSON.stringify({ ...head, model: 'some/model-name', choices: [choice] })}\n\n`
}

const WORDS = ['The', ' quick', ' brown', ' fox', ' jumps', ',', ' "over"', ' the', ' dog', '.\n']
const EVENTS = WORDS.map((word) => Buffer.from(event(word)))
const FINISH = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

/** The provider: every stream a token each 1/rate seconds, all out of step. */
function serve(): void {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let sent = 0
    const send = () => {
      response.write(EVENTS[sent % EVENTS.length])
      sent += 1
      if (sent < rate * seconds) return
      clearInterval(timer)
      response.end(FINISH)
    }
    const timer = setInterval(send, 1000 / rate)
  })
  server.listen(0, HOST, () => process.send?.(server.address()))
}

type Relay = (url: string, emit: (text: string) => void) => Promise<void>

const naiveFetch: Relay = async (url, emit) => {
  const { body } = await fetch(url, { method: 'POST', body: '{}' })
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body ?? []) {
    const blocks = (rest + decoder.decode(bytes, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      if (block === 'data: [DONE]') continue
      const { text } = parseChunk(block.slice('data: '.length))
      if (text !== '') emit(text)
    }
  }
}

const httpAndParser: Relay = (url, emit) =>
  new Promise((resolve, reject) => {
    request(url, { method: 'POST' }, (response) => {
      const parser = createParser({
        onEvent: ({ data }) => {
          const text = data === '[DONE]' ? '' : parseChunk(data).text
          if (text !== '') emit(text)
        },
      })
      response.setEncoding('utf8')
      response.on('data', (text: string) => parser.feed(text))
      response.on('end', resolve)
    })
      .on('error', reject)
      .end('{}')
  })

const transport = createTransport({ guard: createFixedGuard(HOST), connectTimeoutMs: 5000 })
const ours: Relay = async (url, emit) => {
  const timeouts = { firstTokenMs: 60_000, gapMs: 20_000, totalMs: 180_000 }
  const provider = withTimeouts(
    createOpenAiProvider({ baseUrl: url, model: 'm' }, transport),
    timeouts,
  )
  const signal = new AbortController().signal
  for await (const part of provider({ messages: [], sampling: {} }, signal)) {
    if ('text' in part) emit(part.text)
  }
}

async function measureRelay(relay: Relay, url: string): Promise<number> {
  let characters = 0
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: streams }, () =>
      relay(url, (text) => {
        characters += text.length
      }),
    ),
  )
  const { user, system } = process.cpuUsage(before)
  const each = WORDS.join('').length * ((rate * seconds) / WORDS.length)
  if (characters !== each * streams) throw new Error(`${characters} of ${each * streams} came`)
  return (user + system) / (streams * rate * seconds)
}

function measureParser(read: () => (bytes: Buffer) => void): number {
  const feed = read()
  const count = 300_000
  for (let index = 0; index < count / 10; index += 1) feed(EVENTS[index % EVENTS.length]!)
  const before = process.cpuUsage()
  for (let index = 0; index < count; index += 1) feed(EVENTS[index % EVENTS.length]!)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}

const PARSERS: Record<string, () => (bytes: Buffer) => void> = {
  'eventsource-parser, JSON.parse': () => {
    const decoder = new TextDecoder()
    const parser = createParser({ onEvent: ({ data }) => void parseChunk(data) })
    return (bytes) => parser.feed(decoder.decode(bytes, { stream: true }))
  },
  'own splitter, JSON.parse': () => {
    const splitter = new EventSplitter((data) => void parseChunk(data))
    return (bytes) => splitter.push(bytes)
  },
  'own splitter, template': () => {
    const chunks = new ChunkReader(openAiEvents)
    const splitter = new EventSplitter((data) => void chunks.read(data))
    return (bytes) => splitter.push(bytes)
  },
}

const RELAYS: Record<string, Relay> = {
  'fetch, split, JSON.parse': naiveFetch,
  'node:http, eventsource-parser': httpAndParser,
  'ours (guard, caps, time-outs)': ours,
}

function show(name: string, figures: readonly number[]): void {
  const sorted = figures.toSorted((left, right) => left - right)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  const all = sorted.map((figure) => figure.toFixed(2)).join(' ')
  console.log(`${name.padEnd(32)} ${median.toFixed(2)} µs/token  [${all}]`)
}

async function interleaved(
  names: readonly string[],
  measure: (name: string) => Promise<number> | number,
): Promise<void> {
  const figures = new Map(names.map((name): [string, number[]] => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) figures.get(name)?.push(await measure(name))
  }
  for (const [name, values] of figures) show(name, values)
}

async function main(): Promise<void> {
  await interleaved(Object.keys(PARSERS), (name) => measureParser(PARSERS[name]!))
  console.log(`whole streams: ${streams} at ${rate} tokens/s for ${seconds} s`)
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    env: { ...process.env, BENCH_ROLE: 'provider' },
  })
  const { port } = await new Promise<{ port: number }>((resolve) => {
    child.once('message', (address) => resolve(address as { port: number }))
  })
  const url = `http://${HOST}:${port}`
  for (const relay of Object.values(RELAYS)) await measureRelay(relay, url)
  await interleaved(Object.keys(RELAYS), (name) => measureRelay(RELAYS[name]!, url))
  child.kill()
  transport.close()
}

if (process.env['BENCH_ROLE'] === 'provider') serve()
else await main()
