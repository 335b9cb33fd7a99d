// What it costs to read a token from a provider, in CPU microseconds of this process:
//   npm run bench:provider-read -- [streams] [tokens a second] [seconds] [rounds]
// First the parsers alone, then whole streams from a provider in a child process, interleaved; a
// ratio is to ours in the same round.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createParser } from 'eventsource-parser'
import { ChunkReader } from '../../server/providers/chunk-reader.ts'
import { EventSplitter } from '../../server/providers/event-splitter.ts'
import { closeTransport, FORMATS, RELAYS, wordsOf, type Relay } from './lib/provider-relays.ts'
import { API_NAMES, serveStreams, STREAMS, WORDS, type ApiName } from './lib/provider-streams.ts'

const [streams = 100, rate = 20, seconds = 4, rounds = 5] = process.argv.slice(2).map(Number)
const HOST = '127.0.0.1'
const PARSED_EVENTS = 200_000

type Feed = (bytes: Buffer) => void

/** The parsers alone: from bytes that came to words, the first of each is ours. */
const PARSERS: Record<string, (api: ApiName) => Feed> = {
  'ours: own splitter, template': (api) => {
    const chunks = new ChunkReader(FORMATS[api])
    const splitter = new EventSplitter((data) => void chunks.read(data))
    return (bytes) => splitter.push(bytes)
  },
  'own splitter, JSON.parse': (api) => {
    const splitter = new EventSplitter((data) => void wordsOf(api, data))
    return (bytes) => splitter.push(bytes)
  },
  'eventsource-parser, JSON.parse': (api) => {
    const decoder = new TextDecoder()
    const parser = createParser({ onEvent: ({ data }) => void wordsOf(api, data) })
    return (bytes) => parser.feed(decoder.decode(bytes, { stream: true }))
  },
}

function measureParser(api: ApiName, make: (api: ApiName) => Feed): number {
  const feed = make(api)
  const { events } = STREAMS[api]
  const run = (count: number) => {
    for (let index = 0; index < count; index += 1) feed(events[index % events.length]!)
  }
  run(PARSED_EVENTS / 10)
  const before = process.cpuUsage()
  run(PARSED_EVENTS)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / PARSED_EVENTS
}

async function measureRelay(relay: Relay, origin: string): Promise<number> {
  let characters = 0
  const before = process.cpuUsage()
  await Promise.all(
    Array.from({ length: streams }, () =>
      relay(origin, (text) => {
        characters += text.length
      }),
    ),
  )
  const { user, system } = process.cpuUsage(before)
  const each = WORDS.join('').length * ((rate * seconds) / WORDS.length)
  if (characters !== each * streams) throw new Error(`${characters} of ${each * streams} came`)
  return (user + system) / (streams * rate * seconds)
}

function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

/** `median [least–most]` */
function spread(figures: readonly number[]): string {
  const shown = [median(figures), Math.min(...figures), Math.max(...figures)]
  const [middle, least, most] = shown.map((figure) => figure.toFixed(2))
  return `${middle} [${least}–${most}]`
}

/** Measures all of them once a round, and prints a table; the first is what ratios are to. */
async function interleaved(
  title: string,
  names: readonly string[],
  measure: (name: string) => Promise<number> | number,
): Promise<void> {
  const figures = new Map(names.map((name): [string, number[]] => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) figures.get(name)?.push(await measure(name))
  }
  const ours = figures.get(names[0] ?? '') ?? []
  console.log(`\n| ${title} | CPU µs/token | ratio to ours |\n| --- | --- | --- |`)
  for (const [name, values] of figures) {
    const ratios = values.map((value, round) => value / (ours[round] ?? Number.NaN))
    console.log(`| ${name} | ${spread(values)} | ${spread(ratios)} |`)
  }
}

async function main(): Promise<void> {
  console.log(`Node ${process.version}; ${rounds} interleaved rounds; median [least–most]`)
  for (const api of API_NAMES) {
    const names = Object.keys(PARSERS)
    await interleaved(`${api}, parsers alone`, names, (name) => measureParser(api, PARSERS[name]!))
  }
  console.log(`\nWhole streams: ${streams} at once, ${rate} tokens/s each, for ${seconds} s`)
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    env: { ...process.env, BENCH_ROLE: 'provider' },
  })
  const { port } = await new Promise<{ port: number }>((resolve) => {
    child.once('message', (address) => resolve(address as { port: number }))
  })
  const origin = `http://${HOST}:${port}`
  for (const api of API_NAMES) {
    const relays = RELAYS[api]
    for (const relay of Object.values(relays)) await measureRelay(relay, origin)
    const names = Object.keys(relays)
    await interleaved(`${api}, whole streams`, names, (name) => measureRelay(relays[name]!, origin))
  }
  child.kill()
  closeTransport()
}

if (process.env['BENCH_ROLE'] === 'provider') serveStreams(HOST, rate, rate * seconds)
else await main()
