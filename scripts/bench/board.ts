// The leaderboard over HTTP, 100 rows, 50 connections, against Node's bare HTTP server that sends
// the same buffer: npm run bench:board
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import BetterSqlite from 'better-sqlite3'
import {
  arenaSettings,
  FROM_BUNDLE,
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
import { seedBattles } from './lib/seed-battles.ts'

const MODELS = 100
const CONNECTIONS = 50
const ROUNDS = 5
const SECONDS = 4

type Sample = { perSecond: number; micros: number; p50: number; p99: number }
type Server = { readonly name: string; readonly pid: number; readonly url: string }

const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon')

/** Loads a server from a process of its own, and reads what that process says. */
async function load({ pid, url }: Server, etag: string | undefined): Promise<Sample> {
  const header = etag === undefined ? [] : ['-H', `if-none-match=${etag}`]
  const options = ['-c', String(CONNECTIONS), '-d', String(SECONDS), '--json', ...header, url]
  const before = cpuMicros(pid)
  const child = spawn(process.execPath, [AUTOCANNON, ...options], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  pin(child.pid ?? 0, LOAD)
  const result = JSON.parse(await text(child.stdout)) as {
    '2xx': number
    non2xx: number
    errors: number
    statusCodeStats: Record<string, { count: number }>
    requests: { total: number; average: number }
    latency: { p50: number; p99: number }
  }
  const status = etag === undefined ? '200' : '304'
  const { requests, latency, errors, statusCodeStats } = result
  if (errors > 0 || Object.keys(statusCodeStats).join() !== status) {
    throw new Error(`${url}: ${errors} errors, ${JSON.stringify(statusCodeStats)}`)
  }
  const micros = (cpuMicros(pid) - before) / requests.total
  return { perSecond: requests.average, micros, p50: latency.p50, p99: latency.p99 }
}

/** A vote for each of some battles, so that every model is on the board. */
function seedVotes(path: string): void {
  const db = new BetterSqlite(path)
  db.exec(`
    insert into votes
    select row_number() over (order by id), id, id, visitor, 'human', 'a', 'tie', 'b',
      slug_a, 1, slug_b, 1, 0.01, 'und', 'uncategorized', created_at
    from battles`)
  db.close()
}

const path = join(temporaryFolder(), 'arena.db')
await seedBattles(path, { voters: 1, rounds: 1, battles: 10 * MODELS, models: MODELS })
seedVotes(path)
const programs = await bundleHelpers('raw-http')
const arena = startArenaProcess({ ...arenaSettings(path), LOG_LEVEL: 'warn' }, FROM_BUNDLE)
const ours = { name: 'arena', pid: arena.pid, url: `${await arena.ready}/api/v1/leaderboard` }
pin(arena.pid, MEASURED)

const board = await fetch(ours.url)
const body = await board.text()
const { rows } = JSON.parse(body) as { rows: unknown[] }
if (rows.length !== MODELS) throw new Error(`the board has ${rows.length} rows`)
const etag = board.headers.get('etag') ?? ''
const kept = ['content-type', 'cache-control', 'etag', 'x-content-type-options']
const headers = Object.fromEntries([...board.headers].filter(([name]) => kept.includes(name)))
const bare = startHelper(programs['raw-http'], MEASURED)
const theirs = {
  name: 'bare http',
  pid: bare.pid,
  url: await bare.ask<string>('listen', body, headers),
}

const lines: string[][] = []
for (const [answer, tag] of [
  ['200', undefined],
  ['304', etag],
] as const) {
  const samples: Record<string, Sample[]> = { [ours.name]: [], [theirs.name]: [] }
  for (const server of [ours, theirs]) await load(server, tag)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const server of [ours, theirs]) samples[server.name]?.push(await load(server, tag))
  }
  const pick = (name: string, of: (sample: Sample) => number) => (samples[name] ?? []).map(of)
  const rate = (name: string) => pick(name, ({ perSecond }) => perSecond)
  for (const { name } of [ours, theirs]) {
    lines.push([
      answer,
      name,
      shown(spread(rate(name))),
      name === ours.name ? shown(ratios(rate(ours.name), rate(theirs.name)), 2) : '1',
      shown(spread(pick(name, ({ micros }) => micros))),
      shown(spread(pick(name, ({ p50 }) => p50))),
      shown(spread(pick(name, ({ p99 }) => p99))),
    ])
  }
}
console.log(
  preamble(
    'npm run bench:board',
    `Board: ${rows.length} rows, ${body.length} bytes, ${CONNECTIONS} connections, ${ROUNDS} interleaved rounds of ` +
      `${SECONDS} s; median [min–max]`,
  ),
)
console.log(
  table(['answer', 'server', 'requests/s', 'ratio', 'CPU µs/request', 'p50 ms', 'p99 ms'], lines),
)
await arena.stop()
process.exit(0)
