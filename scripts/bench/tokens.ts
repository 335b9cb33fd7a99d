// What a token costs the arena, from the provider's SSE to the visitor's frame, in CPU time of the
// process, against a relay of thirty lines that keeps nothing: npm run bench:tokens
import { join } from 'node:path'
import {
  arenaSettings,
  FROM_BUNDLE,
  registerModels,
  startArenaProcess,
} from '../../tests/support/load/arena-process.ts'
import {
  bundleHelpers,
  cpuMicros,
  LOAD,
  MEASURED,
  pin,
  startHelper,
  temporaryFolder,
} from './lib/processes.ts'
import { preamble, ratios, shown, spread, table } from './lib/report.ts'

const BATTLES = [50, 250]
const TOKENS_PER_SECOND = 20
const ROUNDS = 3
const SETTLE_MS = 1500
const WINDOW_MS = 6000

type Counts = { tokens: number; frames: number }
type Sample = { microsPerToken: number; delivered: number; framesPerToken: number; busy: number }

const programs = await bundleHelpers('provider', 'relay', 'readers')
const provider = startHelper(programs.provider, LOAD)
const port = await provider.ask<number>('listen', TOKENS_PER_SECOND)
const baseUrl = `http://127.0.0.1:${port}/v1`

const readers = startHelper(programs.readers, LOAD)
const relay = startHelper(programs.relay, MEASURED)
const relayUrl = await relay.ask<string>('listen', `${baseUrl}/chat/completions`)
const arena = startArenaProcess(
  { ...arenaSettings(join(temporaryFolder(), 'arena.db')), LOG_LEVEL: 'warn' },
  FROM_BUNDLE,
)
const arenaUrl = await arena.ready
pin(arena.pid, MEASURED)
await registerModels(arenaUrl, baseUrl, ['alpha', 'beta'])

const servers = [
  { name: 'arena', pid: arena.pid, url: arenaUrl, known: true },
  { name: 'relay', pid: relay.pid, url: relayUrl, known: false },
]

async function measure(server: (typeof servers)[number], battles: number): Promise<Sample> {
  await readers.ask('start', server.url, battles, server.known)
  await sleep(SETTLE_MS)
  const before = {
    cpu: cpuMicros(server.pid),
    at: performance.now(),
    sent: (await provider.ask<{ sent: number }>('state')).sent,
    got: await readers.ask<Counts>('counts'),
  }
  await sleep(WINDOW_MS)
  const sent = (await provider.ask<{ sent: number }>('state')).sent - before.sent
  const got = await readers.ask<Counts>('counts')
  const cpu = cpuMicros(server.pid) - before.cpu
  const passed = performance.now() - before.at
  await readers.ask('stop')
  while ((await provider.ask<{ streams: number }>('state')).streams > 0) await sleep(20)
  const tokens = got.tokens - before.got.tokens
  return {
    microsPerToken: cpu / tokens,
    delivered: tokens / sent,
    framesPerToken: (got.frames - before.got.frames) / tokens,
    busy: cpu / 1000 / passed,
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

const rows: string[][] = []
// Not counted: both have to be warm.
for (const server of servers) await measure(server, BATTLES[0] ?? 50)
for (const battles of BATTLES) {
  const samples: Record<string, Sample[]> = { arena: [], relay: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of servers) samples[server.name]?.push(await measure(server, battles))
  }
  const micros = (name: string) => (samples[name] ?? []).map((each) => each.microsPerToken)
  for (const { name } of servers) {
    const mine = samples[name] ?? []
    rows.push([
      String(battles),
      name,
      shown(spread(micros(name)), 1),
      name === 'arena' ? shown(ratios(micros('arena'), micros('relay')), 2) : '1',
      shown(spread(mine.map((each) => 100 * each.busy))),
      shown(spread(mine.map((each) => each.framesPerToken)), 2),
      shown(spread(mine.map((each) => 100 * each.delivered)), 1),
    ])
  }
}
console.log(
  preamble(
    'npm run bench:tokens',
    `Tokens: CPU of one process per token delivered; battles x 2 sides x ${TOKENS_PER_SECOND} tokens/s, ` +
      `${ROUNDS} interleaved rounds of ${WINDOW_MS / 1000} s; median [min–max]`,
  ),
)
console.log(
  table(
    ['battles', 'server', 'CPU µs/token', 'ratio', 'core %', 'frames/token', 'delivered %'],
    rows,
  ),
)
await arena.stop()
process.exit(0)
