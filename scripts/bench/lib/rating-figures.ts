import { writeFileSync } from 'node:fs'
import { fitBradleyTerry } from '../../../shared/ratings/bradley-terry.ts'
import { ELO_K, ELO_START, expectedScore } from '../../../shared/ratings/elo.ts'
import { scoresOf } from '../../../shared/ratings/outcomes.ts'
import { rateVotes, type RateOptions } from '../../../shared/ratings/rate.ts'
import { readSlice } from '../../../shared/ratings/rated-slice.ts'
import { SliceCounts } from '../../../shared/ratings/slice-counts.ts'
import { solve } from '../../../shared/ratings/solve.ts'
import { Ticker } from '../../../shared/ratings/ticker.ts'
import type { VoteTable } from '../../../shared/ratings/vote-table.ts'
import { serveParent } from './helper.ts'
import { simulatedLog, type LogSize } from './simulated-log.ts'

/** Milliseconds on the clock and of CPU, one entry a round. */
export type Times = { wall: number[]; cpu: number[] }
/** Times by what was timed. */
export type Figures = Record<string, Times>

let table: VoteTable = simulatedLog({ votes: 2, models: 2, voters: 0 })
let counts = SliceCounts.of(table)

const BOARD = { dimension: 'accuracy', method: 'bradley-terry' } as const

const fold = (options: RateOptions) => solve(readSlice(table, counts, options))

/** What can be timed, by name. Each does all of its work anew. */
const WORK: Record<string, () => unknown> = {
  'a plain Elo pass': () => plainElo(table),
  counts: () => SliceCounts.of(table),
  'counts + Bradley–Terry': () => {
    counts = SliceCounts.of(table)
    return fold({ ...BOARD, intervals: 'none' })
  },
  'counts + Bradley–Terry + sandwich': () => {
    counts = SliceCounts.of(table)
    return fold({ ...BOARD, intervals: 'sandwich' })
  },
  'counts + Bradley–Terry + clustered': () => {
    counts = SliceCounts.of(table)
    return fold({ ...BOARD, intervals: 'clustered' })
  },
  'sandwich, from counts': () => fold({ ...BOARD, intervals: 'sandwich' }),
  'clustered, from counts': () => fold({ ...BOARD, intervals: 'clustered' }),
  'exact re-solve': () => fold({ ...BOARD, intervals: 'none' }),
  'Newton alone': () => {
    const [part] = readSlice(table, counts, BOARD).parts
    return fitBradleyTerry(part!.scores)
  },
  'whole board, no intervals': () => rateVotes(table, counts, { ...BOARD, intervals: 'none' }),
  'whole board, clustered': () => rateVotes(table, counts, BOARD),
  'overall, clustered': () => rateVotes(table, counts, { ...BOARD, dimension: 'overall' }),
  Davidson: () => rateVotes(table, counts, { ...BOARD, method: 'davidson' }),
  'style control': () => rateVotes(table, counts, { ...BOARD, style: true }),
  'votes that flip the leader': () =>
    rateVotes(table, counts, { ...BOARD, intervals: 'sandwich', leader: true }),
  'a slice towards the board': () => {
    const filter = { language: 'l3' }
    const { theta } = rateVotes(table, counts, { ...BOARD, intervals: 'none' })
    return rateVotes(table, SliceCounts.of(table, filter), { ...BOARD, filter, prior: { theta } })
  },
  'counts of every language': () =>
    table.languages.size === 0
      ? undefined
      : Array.from({ length: table.languages.size }, (_, id) =>
          SliceCounts.of(table, { language: table.languages.nameOf(id) }),
        ),
}

serveParent({
  /** Makes the log that everything after it works on. */
  load(size: LogSize): { seconds: number } {
    const started = performance.now()
    table = simulatedLog(size)
    counts = SliceCounts.of(table)
    return { seconds: (performance.now() - started) / 1000 }
  },

  /** Times pieces of work in interleaved rounds, after one that is not counted. */
  time(names: string[], rounds: number): Figures {
    const figures: Figures = Object.fromEntries(names.map((name) => [name, { wall: [], cpu: [] }]))
    for (let round = -1; round < rounds; round += 1) {
      for (const name of names) {
        const before = process.cpuUsage()
        const started = performance.now()
        WORK[name]!()
        const wall = performance.now() - started
        const { user, system } = process.cpuUsage(before)
        if (round < 0) continue
        figures[name]!.wall.push(wall)
        figures[name]!.cpu.push((user + system) / 1000)
      }
    }
    return figures
  },

  /** Microseconds a step of the ticker. */
  ticker(rounds: number): Times {
    const { theta, inverseHessian } = fold({ ...BOARD, intervals: 'sandwich' })
    const steps = Math.min(200_000, table.length)
    const times: Times = { wall: [], cpu: [] }
    const scores = scoresOf('half')
    const outcomes = table.outcomes[0]!
    for (let round = -1; round < rounds; round += 1) {
      const ticker = new Ticker(theta!, inverseHessian!)
      const before = process.cpuUsage()
      const started = performance.now()
      for (let row = 0; row < steps; row += 1) {
        ticker.step(table.left[row]!, table.right[row]!, scores[outcomes[row]!]!)
      }
      const wall = performance.now() - started
      const { user, system } = process.cpuUsage(before)
      if (round < 0) continue
      times.wall.push((wall * 1000) / steps)
      times.cpu.push((user + system) / steps)
    }
    return times
  },

  /** Writes the votes for another program: model ids and winners, 4 bytes each, column by column. */
  write(path: string): void {
    const votes = table.length
    const columns = new Int32Array(3 * votes)
    columns.set(table.left.subarray(0, votes))
    columns.set(table.right.subarray(0, votes), votes)
    columns.set(table.outcomes[0]!.subarray(0, votes), 2 * votes)
    writeFileSync(path, columns)
  },

  /** Ratings by model id, to hold against those of another program. */
  strengths(): number[] {
    const { theta } = rateVotes(table, counts, { ...BOARD, intervals: 'none' })
    return Array.from({ length: table.models.size }, (_, id) => theta.get(table.models.nameOf(id))!)
  },
})

/** For scale: every vote once, two exponentials' worth of arithmetic each. */
function plainElo({ left, right, outcomes, length, models }: VoteTable): Float64Array {
  const ratings = new Float64Array(models.size).fill(ELO_START)
  const scores = scoresOf('half')
  const verdicts = outcomes[0]!
  for (let row = 0; row < length; row += 1) {
    const a = ratings[left[row]!]!
    const b = ratings[right[row]!]!
    const change = ELO_K * (scores[verdicts[row]!]! - expectedScore(a, b))
    ratings[left[row]!] = a + change
    ratings[right[row]!] = b - change
  }
  return ratings
}
