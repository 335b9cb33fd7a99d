// Durable votes end to end (validated, once each, committed with FULL, with their receipts) against
// the same arena with its store switched off: npm run bench:votes
import { join } from 'node:path'
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

const VOTERS = 100
const BATTLES_PER_ROUND = 50
const ROUNDS = 10
const MODELS = 20

type Answer = { votes: number; seconds: number; p50: number; p99: number }
type Sample = { perSecond: number; micros: number; p50: number; p99: number }

const programs = await bundleHelpers('voters', 'arena-without-store')

async function prepare(name: string, program: readonly string[]) {
  const path = join(temporaryFolder(), 'arena.db')
  // One round more, which is not counted: both have to be warm.
  const counts = { voters: VOTERS, rounds: ROUNDS + 1, battles: BATTLES_PER_ROUND, models: MODELS }
  const seeded = await seedBattles(path, counts)
  const arena = startArenaProcess({ ...arenaSettings(path), LOG_LEVEL: 'warn' }, program)
  const url = await arena.ready
  pin(arena.pid, MEASURED)
  const voters = startHelper(programs.voters, LOAD)
  await voters.ask(
    'connect',
    url,
    seeded.map(({ cookie }) => cookie),
  )

  async function round(index: number): Promise<Sample> {
    const ballots = seeded.map(({ cookie, rounds }) => ({ cookie, battles: rounds[index] ?? [] }))
    await voters.ask('open', ballots)
    const before = cpuMicros(arena.pid)
    const { votes, seconds, p50, p99 } = await voters.ask<Answer>('vote', ballots)
    const micros = (cpuMicros(arena.pid) - before) / votes
    return { perSecond: votes / seconds, micros, p50, p99 }
  }
  return { name, arena, round, samples: [] as Sample[] }
}

const stored = await prepare('arena', FROM_BUNDLE)
const unstored = await prepare('no store', [programs['arena-without-store']])
for (const server of [stored, unstored]) await server.round(ROUNDS)
for (let index = 0; index < ROUNDS; index += 1) {
  for (const server of [stored, unstored]) server.samples.push(await server.round(index))
}

console.log(
  preamble(
    'npm run bench:votes',
    `Votes: ${VOTERS} voters in a closed loop over WebSockets, ${ROUNDS} interleaved rounds of ` +
      `${VOTERS * BATTLES_PER_ROUND} votes; median [min–max]`,
  ),
)
const micros = ({ samples }: typeof stored) => samples.map((sample) => sample.micros)
const rates = ({ samples }: typeof stored) => samples.map(({ perSecond }) => perSecond)
console.log(
  table(
    ['server', 'votes/s', 'ratio', 'CPU µs/vote', 'ratio', 'ack p50 ms', 'ack p99 ms'],
    [stored, unstored].map((server) => [
      server.name,
      shown(spread(rates(server))),
      server === stored ? shown(ratios(rates(stored), rates(unstored)), 2) : '1',
      shown(spread(micros(server))),
      server === stored ? shown(ratios(micros(unstored), micros(stored)), 2) : '1',
      shown(spread(server.samples.map(({ p50 }) => p50)), 1),
      shown(spread(server.samples.map(({ p99 }) => p99)), 1),
    ]),
  ),
)
await Promise.all([stored.arena.kill(), unstored.arena.kill()])
process.exit(0)
