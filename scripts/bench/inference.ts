// How fast local models answer, beside the libraries that one would take otherwise:
//   npm run bench:inference [-- --quick] [--with-peers] [--threads 1,2]
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../server/paths.ts'
import { linesOf, type Measured } from './inference/lines.ts'
import { type Programs, startLineUp } from './inference/line-up.ts'
import { measureBatch, measureLone, measureSecondTurn, warmUp } from './inference/measure.ts'
import { findPeers, installPeers } from './inference/peers.ts'
import type { Place } from './inference/run.ts'
import { verdicts } from './inference/verdicts.ts'
import { bundleHelpers, startHelper } from './lib/processes.ts'
import { preamble, shown, spread } from './lib/report.ts'

const args = process.argv.slice(2)
const quick = args.includes('--quick')
const PLAN = quick
  ? { rounds: 3, tokens: 24, atOnce: 8, batchTokens: 48 }
  : { rounds: 7, tokens: 48, atOnce: 8, batchTokens: 64 }
const PLACE: Place = {
  directory: join(PACKAGE_ROOT, 'inference/models'),
  model: 'smollm2-135m-instruct',
}
const READ_MS = 400

const print = (text: string) => process.stdout.write(`${text}\n`)
const tell = (text: string) => process.stderr.write(`${text}\n`)

if (args.includes('--with-peers') || args.includes('--peers')) await installPeers(tell)
const peers = await findPeers()
const helpers = ['engine', 'server', 'transformers', 'llama', 'bandwidth'] as const
const built = await bundleHelpers(...helpers.map((name) => `../inference/helpers/${name}` as const))
const program = (name: (typeof helpers)[number]) => built[`../inference/helpers/${name}`]
const programs: Programs = {
  engine: program('engine'),
  server: program('server'),
  transformers: program('transformers'),
  llama: program('llama'),
}

for (const threads of threadCounts()) {
  const before = loadAverage()
  tell(`${threads} thread(s) …`)
  const measured = await measure(threads)
  print(
    `\n${threads} thread(s), ${measured.description}; memory is read at ` +
      `${shown(spread(measured.gigabytes), 1)} GB/s; load average before and after: ` +
      `${before}, ${loadAverage()}\n\n${verdicts(linesOf(measured))}`,
  )
}
print('')
print(
  preamble(
    `npm run bench:inference${quick ? ' -- --quick' : ''}`,
    `Local inference of ${PLACE.model} (4 bit), greedy; ${PLAN.rounds} interleaved rounds, ` +
      'median [min–max]; a ratio over 1 is ours being faster',
  ),
)
print(
  `transformers.js ${peers.transformers.version}${absence(peers.transformers.missing)}; ` +
    `node-llama-cpp ${peers.llama.version}${absence(peers.llama.missing)}; ` +
    `ours: onnxruntime-node ${versionOf('onnxruntime-node')}, koffi ${versionOf('koffi')}`,
)
process.exit(0)

async function measure(threads: number): Promise<Measured> {
  const gigabytes = await bandwidth(threads)
  const lineUp = await startLineUp(programs, peers, PLACE, threads, PLAN.atOnce)
  try {
    await warmUp(lineUp, PLAN)
    const lone = []
    for (const context of [128, 512]) {
      lone.push({ context, ...(await measureLone(lineUp, context, PLAN)) })
      tell(`  answers after ${context} tokens: done`)
    }
    const batch = await measureBatch(lineUp, PLAN)
    tell(`  ${PLAN.atOnce} at once: done`)
    const secondTurn = await measureSecondTurn(lineUp, PLAN.rounds)
    return {
      gigabytes,
      description: lineUp.description,
      weightBytes: weightBytes(),
      bytesPerToken: await lineUp.bytesPerToken(),
      atOnce: PLAN.atOnce,
      lone,
      batch,
      secondTurn,
    }
  } finally {
    lineUp.end()
  }
}

/** What all threads together read, in GB a second, while nobody else is asked to do anything. */
async function bandwidth(threads: number): Promise<number[]> {
  const readers = Array.from({ length: threads }, () => startHelper(program('bandwidth'), null))
  const read = async () => {
    const each = await Promise.all(readers.map((reader) => reader.ask<number>('read', READ_MS)))
    return each.reduce((sum, figure) => sum + figure, 0)
  }
  try {
    await read()
    const figures: number[] = []
    while (figures.length < PLAN.rounds) figures.push(await read())
    return figures
  } finally {
    for (const reader of readers) reader.end()
  }
}

/** What one step has to read at least: every weight once. */
function weightBytes(): number {
  const folder = join(PLACE.directory, PLACE.model, 'onnx')
  return readdirSync(folder)
    .filter((name) => name.startsWith('model_q4.onnx_data'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
}

function threadCounts(): number[] {
  const at = args.indexOf('--threads')
  const wished = at < 0 ? [1, 2] : (args[at + 1] ?? '').split(',').map(Number)
  const counts = wished.filter((count) => Number.isInteger(count) && count > 0)
  if (counts.length < wished.length) {
    tell('--threads takes numbers with commas, for instance 1,2')
    process.exit(2)
  }
  return counts.filter((count) => count <= availableParallelism())
}

function absence(missing: string | null): string {
  return missing === null ? '' : `: left out, ${missing}`
}

function versionOf(name: string): string {
  const path = join(PACKAGE_ROOT, 'node_modules', name, 'package.json')
  if (!existsSync(path)) return 'missing'
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

function loadAverage(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 2).join(' ')
  } catch {
    return 'unknown'
  }
}
