// What boards cost: counting, fitting, intervals, the ticker, growth; beside a plain Elo pass and,
// where Python has it, evalica: npm run bench:ratings [-- --quick]
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { bundleHelpers, MEASURED, startHelper, temporaryFolder } from './lib/processes.ts'
import type { Figures, Times } from './lib/rating-figures.ts'
import { preamble, ratios, shown, spread, table } from './lib/report.ts'
import type { LogSize } from './lib/simulated-log.ts'

const quick = process.argv.includes('--quick')
const ROUNDS = quick ? 3 : 9
const FULL: LogSize = quick
  ? { votes: 200_000, models: 129, voters: 12_000 }
  : { votes: 1_670_250, models: 129, voters: 100_000 }
const PYTHON = process.env['PYTHON'] ?? 'python3'
const EVALICA = join(import.meta.dirname, 'lib/evalica-figures.py')
const ELO = 'a plain Elo pass'

const print = (text: string) => process.stdout.write(`${text}\n`)

const { 'rating-figures': program } = await bundleHelpers('rating-figures')
const figures = startHelper(program, MEASURED)
const load = (size: LogSize) => figures.ask<{ seconds: number }>('load', size)
const time = (names: readonly string[], rounds = ROUNDS) =>
  figures.ask<Figures>('time', names, rounds)

const inMs = (times: Times | undefined) => [
  shown(spread(times?.wall ?? []), 1),
  shown(spread(times?.cpu ?? []), 1),
]

print(
  preamble(
    'npm run bench:ratings',
    'What boards cost, in one process pinned to one core; median [min–max]',
  ),
)
await headline()
await rest()
await tenMillion()
await growth()
figures.end()

async function headline(): Promise<void> {
  const { seconds } = await load(FULL)
  print(
    `${FULL.votes.toLocaleString('en')} votes, ${FULL.models} models, ` +
      `${FULL.voters.toLocaleString('en')} voters, log in memory (made in ${seconds.toFixed(1)} s)\n`,
  )
  const independent = 'counts + Bradley–Terry + sandwich'
  const clustered = 'counts + Bradley–Terry + clustered'
  const found = await time([
    ELO,
    'counts',
    'counts + Bradley–Terry',
    independent,
    clustered,
    'sandwich, from counts',
    'clustered, from counts',
    'exact re-solve',
  ])
  const elo = found[ELO]
  const rows = Object.entries(found).map(([name, times]) => [
    name,
    ...inMs(times),
    shown(ratios(times.cpu, elo?.cpu ?? []), 2),
  ])
  print(table(['work', 'ms', 'CPU ms', 'CPU of an Elo pass'], rows))
  const extra = found['clustered, from counts']!.cpu.map(
    (each, round) => each - found['sandwich, from counts']!.cpu[round]!,
  )
  print(`\nclustering adds to a sandwich: ${shown(spread(extra), 1)} ms of CPU`)
  const { wall, cpu } = await figures.ask<Times>('ticker', ROUNDS)
  print(`a step of the ticker: ${shown(spread(wall), 2)} µs, CPU ${shown(spread(cpu), 2)} µs\n`)
  await beside(found['counts + Bradley–Terry']!, found[clustered]!)
}

/** The same votes through evalica, where there is one. */
async function beside(plain: Times, clustered: Times): Promise<void> {
  const file = join(temporaryFolder(), 'votes.i32')
  await figures.ask('write', file)
  const { status, stdout, stderr } = spawnSync(PYTHON, [EVALICA, file, String(ROUNDS)], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  if (status !== 0) {
    const reason = stderr.includes('ModuleNotFoundError')
      ? `evalica is not installed for ${PYTHON} (pip install evalica; PYTHON names another one)`
      : `${PYTHON} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`
    print(`${reason}: no comparison.\n`)
    return
  }
  const theirs = JSON.parse(stdout) as Times & {
    version: string
    iterations: number
    scores: number[]
  }
  const row = (name: string, times: Times) => [
    name,
    ...inMs(times),
    shown(ratios(theirs.wall, times.wall), 1),
    shown(ratios(theirs.cpu, times.cpu), 1),
  ]
  print(
    table(
      ['Bradley–Terry of the same votes', 'ms', 'CPU ms', 'times faster', 'by CPU'],
      [
        row(`evalica ${theirs.version}, no intervals`, theirs),
        row('ours, no intervals', plain),
        row('ours, clustered intervals', clustered),
      ],
    ),
  )
  const strengths = await figures.ask<number[]>('strengths')
  const logs = theirs.scores.map(Math.log)
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length
  const apart = Math.max(...strengths.map((each, k) => Math.abs(each - (logs[k]! - mean))))
  print(`\nlargest difference of a rating: ${(apart * 173.7178).toExponential(1)} Elo\n`)
}

async function rest(): Promise<void> {
  await load({ ...FULL, dimensions: 3, style: true, languages: 8 })
  const found = await time(
    [
      ELO,
      'whole board, no intervals',
      'whole board, clustered',
      'overall, clustered',
      'Davidson',
      'style control',
      'a slice towards the board',
      'votes that flip the leader',
    ],
    Math.ceil(ROUNDS / 3),
  )
  print('The other boards, three verdicts a vote, eight languages, ranks and tallies included:\n')
  print(
    table(
      ['work', 'ms', 'CPU ms'],
      Object.entries(found).map(([name, times]) => [name, ...inMs(times)]),
    ),
  )
}

async function tenMillion(): Promise<void> {
  const votes = quick ? 1_000_000 : 10_000_000
  await load({ votes, models: 129, voters: 0 })
  const found = await time([ELO, 'counts'], 3)
  print(`\n${votes.toLocaleString('en')} votes:\n`)
  print(
    table(
      ['work', 'ms', 'CPU ms'],
      Object.entries(found).map(([name, times]) => [name, ...inMs(times)]),
    ),
  )
}

async function growth(): Promise<void> {
  const base = { votes: 200_000, models: 129, voters: 12_000 }
  const grow = (name: string, size: Partial<LogSize>) => ({ name, size: { ...base, ...size } })
  const sizes = [
    ...[50_000, 200_000, 800_000].map((votes) =>
      grow(`${votes.toLocaleString('en')} votes`, { votes }),
    ),
    ...[10, 30, 100, 300, 1000].map((models) => grow(`${models} models`, { models })),
    ...[100, 1000, 10_000, 100_000].map((voters) =>
      grow(`${voters.toLocaleString('en')} voters`, { voters }),
    ),
    ...[2, 8, 32].map((languages) => grow(`${languages} slices`, { languages })),
  ]
  const names = [
    'counts',
    'exact re-solve',
    'sandwich, from counts',
    'clustered, from counts',
    'counts of every language',
  ]
  const rows: string[][] = []
  for (const { name, size } of sizes) {
    await load(size)
    const wanted = size.languages === undefined ? names.slice(0, 4) : names
    const found = await time(wanted, 3)
    rows.push([
      name,
      ...names.map((each) =>
        found[each] === undefined ? '–' : spread(found[each].cpu).median.toFixed(1),
      ),
    ])
  }
  print(
    '\nGrowth, CPU ms; 200,000 votes, 129 models and 12,000 voters where nothing else is said:\n',
  )
  print(table(['', ...names], rows))
}
