import type { Batch, Lone, SecondTurn } from './measure.ts'
import { BATCH_CONTEXT } from './measure.ts'
import type { Line } from './verdicts.ts'

/** All that was measured with one number of threads. */
export type Measured = {
  readonly description: string
  /** What the threads read from memory, in GB (10⁹ bytes) a second. */
  readonly gigabytes: readonly number[]
  readonly weightBytes: number
  /** Of the cache. */
  readonly bytesPerToken: number
  readonly atOnce: number
  readonly lone: readonly (Lone & { readonly context: number })[]
  readonly batch: Batch
  readonly secondTurn: SecondTurn
}

type Figures = ReadonlyMap<string, readonly number[]>

/** The figures of whoever's name begins so. */
function of(figures: Figures, name: string): readonly number[] | undefined {
  return [...figures].find(([key]) => key.startsWith(name))?.[1]
}

const ms = { unit: 'ms', digits: 1, better: 'smaller' } as const
const share = { unit: '', digits: 3, better: 'share' } as const
const DECODE_GOALS: Readonly<Record<number, number>> = { 128: 1.4, 512: 2 }

/** The table's lines, in the order of the questions. */
export function linesOf(measured: Measured): Line[] {
  return [
    ...transformersLines(measured),
    ...llamaLines(measured),
    ...ownLines(measured),
    ...secondTurnLines(measured),
    ...overheadLines(measured),
  ]
}

function transformersLines({ lone }: Measured): Line[] {
  const line = (what: string, figures: Figures, least: number): Line => ({
    what: `${what}: engine, transformers.js`,
    ...ms,
    ours: of(figures, 'our engine') ?? [],
    theirs: of(figures, 'transformers'),
    goal: { least },
  })
  return [
    ...lone.map(({ context, tokenMs }) =>
      line(`token after ${context}`, tokenMs, DECODE_GOALS[context] ?? 1),
    ),
    ...lone.map(({ context, firstMs }) => line(`prompt of ${context}`, firstMs, 1)),
  ]
}

function llamaLines({ lone, batch, atOnce }: Measured): Line[] {
  const pair = (what: string, figures: Figures) => ({
    what: `${what}: server, llama.cpp`,
    ours: of(figures, 'our server') ?? [],
    theirs: of(figures, 'node-llama-cpp'),
  })
  return [
    ...lone.map(({ context, tokenMs }) => ({
      ...pair(`token after ${context}`, tokenMs),
      ...ms,
      goal: { least: 0.95 },
    })),
    {
      ...pair(`${atOnce} at once after ${BATCH_CONTEXT}`, batch.perSecond),
      unit: 'tokens/s',
      digits: 0,
      better: 'larger',
      goal: { least: 2.5 },
    },
    ...lone.map(({ context, firstMs }) => ({
      ...pair(`prompt of ${context}`, firstMs),
      ...ms,
      goal: { least: 2 },
    })),
  ]
}

function ownLines(measured: Measured): Line[] {
  const { lone, batch, atOnce, gigabytes, weightBytes, bytesPerToken } = measured
  const alone = lone.find(({ context }) => context === BATCH_CONTEXT)
  const tokens = alone === undefined ? [] : (of(alone.tokenMs, 'our server') ?? [])
  const bytes = weightBytes + bytesPerToken * BATCH_CONTEXT
  // The fastest read there was: what the machine can do, neighbours or not.
  const boundMs = bytes / 1e6 / Math.max(...gigabytes)
  const bare = alone === undefined ? [] : (of(alone.tokenMs, 'our engine') ?? [])
  return [
    {
      what: `${atOnce} at once, 1 at a time: server`,
      unit: 'tokens/s',
      digits: 0,
      better: 'larger',
      ours: of(batch.perSecond, 'our server') ?? [],
      theirs: tokens.map((each) => 1000 / each),
      goal: { least: 2.5 },
    },
    {
      what: `share of the memory bound (${boundMs.toFixed(1)} ms): engine`,
      ...share,
      digits: 2,
      ours: bare.map((each) => boundMs / each),
      theirs: undefined,
    },
  ]
}

function secondTurnLines({ secondTurn }: Measured): Line[] {
  const { unknown, atOnce, later } = secondTurn
  const line = (what: string, ours: readonly number[]): Line => ({
    what: `first token of a second turn, ${what}: known, unknown`,
    unit: 'ms',
    digits: 0,
    better: 'share',
    ours,
    theirs: unknown,
    goal: { most: 0.3 },
  })
  return [line('at once', atOnce), line('later', later)]
}

function overheadLines({ lone, batch, atOnce }: Measured): Line[] {
  const line = (what: string, ours: readonly number[]): Line => ({
    what: `server's time outside of the engine, ${what}`,
    ...share,
    ours,
    theirs: undefined,
    goal: { most: 0.05 },
  })
  return [
    ...lone.map(({ context, overhead }) => line(`1 answer after ${context}`, overhead)),
    line(`${atOnce} at once, prompts and all`, batch.overhead),
  ]
}
