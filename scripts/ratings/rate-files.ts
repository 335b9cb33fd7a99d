import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { Failure } from '../../shared/errors.ts'
import {
  checkAnchor,
  checkRateOptions,
  OVERALL,
  rateVotes,
  type RatedBoard,
  type RateOptions,
  type RatingMethod,
} from '../../shared/ratings/rate.ts'
import { SliceCounts } from '../../shared/ratings/slice-counts.ts'
import type { VoteTable } from '../../shared/ratings/vote-table.ts'
import { VoteCollector } from './collector.ts'
import { listOf } from './json-rows.ts'
import { ONLY_DIMENSION, refuseOverall, type Options } from './options.ts'
import { BadRows, DataError, shown, UsageError } from './problems.ts'
import type { Progress } from './progress.ts'
import { readFiles } from './read-files.ts'
import type { Report } from './report.ts'

/** The judge whose votes are rated where a file names kinds of judges. */
const DEFAULT_JUDGE = 'human'

type RateFilesDeps = {
  readonly progress: Progress
  /** Told what people should know beside the result, a line at a time. */
  readonly say: (line: string) => void
  /** Milliseconds of any clock that only grows. */
  readonly now: () => number
}

/**
 * Reads files of votes and rates the models in them.
 *
 * @throws {UsageError} if what was asked does not fit these files
 * @throws {DataError} if a file, or all of them together, cannot be rated
 */
export async function rateFiles(options: Options, deps: RateFilesDeps): Promise<Report> {
  const begun = deps.now()
  const bad = new BadRows(options.strict, deps.say)
  const wanted = {
    judge: options.judge ?? DEFAULT_JUDGE,
    style: options.style,
    battles: intervalsOf(options) === 'clustered',
  }
  const collector = new VoteCollector(wanted, bad)
  try {
    await readFiles(options.files, collector, deps.progress)
  } finally {
    deps.progress.end()
    bad.summarize()
  }
  tellLeftOut(collector, deps.say)
  refuseUnusable(collector, options, bad.skipped)
  const { table } = collector
  const dimension = dimensionOf(collector, options)
  const read = deps.now()
  const counts = SliceCounts.of(table)
  const counted = deps.now()
  const checked = checkRateOptions(table, rateOptions(options, dimension))
  if (!checked.ok) throw new UsageError(messageOf(checked.error))
  const board = rateVotes(table, counts, checked.value)
  const solved = deps.now()
  if (!board.converged) deps.say('the numbers are beyond all measure: nobody can be rated')
  refuseUnanchored(board, options)
  return {
    options,
    board,
    skipped: bad.skipped,
    seconds: {
      read: (read - begun) / 1000,
      count: (counted - read) / 1000,
      solve: (solved - counted) / 1000,
    },
  }
}

function intervalsOf({ method, intervals }: Options): NonNullable<RateOptions['intervals']> {
  if (method === 'elo' || method === 'elo-permuted') return 'none'
  if (method === 'davidson') return intervals ?? 'fisher'
  return intervals ?? 'clustered'
}

function rateOptions(options: Options, dimension: string): RateOptions {
  const { method, weights, anchor, k, seed, orders, ties, style } = options
  return {
    dimension,
    method,
    ties,
    intervals: intervalsOf(options),
    seed,
    orders,
    style,
    ...(weights === undefined ? {} : { weights }),
    ...(anchor === undefined ? {} : { anchor }),
    ...(k === undefined ? {} : { k }),
  }
}

/** @throws {UsageError} if the files do not have what was asked for */
function dimensionOf(collector: VoteCollector, { dimension, method, weights }: Options): string {
  if (!collector.hasDimensions) {
    if ((dimension ?? ONLY_DIMENSION) !== ONLY_DIMENSION) {
      throw new UsageError(
        `--dimension ${dimension}: these files name one winner a row; leave it out`,
      )
    }
    if (weights !== undefined) {
      throw new UsageError('--weights: these files name one winner a row, so nothing is weighed')
    }
    return ONLY_DIMENSION
  }
  if (dimension === ONLY_DIMENSION) {
    throw new UsageError(
      `--dimension ${dimension}: these files name a winner per dimension: ${DIMENSIONS.join(', ')}`,
    )
  }
  return dimension ?? defaultDimension(method)
}

function defaultDimension(method: RatingMethod): string {
  return method === 'bradley-terry' ? OVERALL : refuseOverall(method)
}

function refuseUnusable(collector: VoteCollector, options: Options, skipped: number): void {
  const { table, judges } = collector
  const { judge, style, anchor } = options
  if (judge !== undefined && judge !== DEFAULT_JUDGE && judges.size === 0) {
    throw new UsageError(
      `--judge ${shown(judge)}: these files name no kinds of judges (a column judge beside voter)`,
    )
  }
  if (table.length === 0) {
    if (judges.size > 0) {
      const kind = shown(judge ?? DEFAULT_JUDGE)
      throw new DataError(`no vote of judge ${kind}; the files name ${listOf([...judges.keys()])}`)
    }
    if (skipped > 0) throw new DataError('no row can be rated')
  }
  if (style && table.length > 0 && collector.styled === 0) {
    throw new UsageError(
      '--style: these files do not say how answers were written (tokens_a, headers_a … or conv_metadata)',
    )
  }
  if (anchor !== undefined && table.models.find(anchor.model) === undefined) {
    throw new UsageError(
      `--anchor: no vote names the model ${shown(anchor.model)}; there are ${modelsOf(table)}`,
    )
  }
}

function modelsOf(table: VoteTable): string {
  const names = Array.from(table.models.sortedIds(), (id) => table.models.nameOf(id))
  return names.length === 0 ? 'none' : listOf(names, 10)
}

/** What a board says of the anchor: without a rating there is nothing to shift to it. */
function refuseUnanchored(board: RatedBoard, { anchor }: Options): void {
  if (anchor === undefined) return
  const checked = checkAnchor(board, anchor)
  if (!checked.ok) throw new DataError(`--anchor: ${messageOf(checked.error)}`)
}

function messageOf(failure: Failure): string {
  return failure.message ?? failure.code
}

function tellLeftOut({ leftOut }: VoteCollector, say: (line: string) => void): void {
  for (const [reason, count] of leftOut) {
    say(`${count.toLocaleString('en')} ${count === 1 ? 'vote' : 'votes'} ${reason} left out`)
  }
}
