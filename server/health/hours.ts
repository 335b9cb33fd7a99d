import type { Activity } from '../../shared/schemas/model.ts'
import type { ActivityRow } from './activity-repository.ts'
import { fromStored, merge, percentiles, toStored, type Histogram } from './histogram.ts'

export const HOUR_MS = 3_600_000
/** The hours that are shown: the present one and those before it. */
export const HOURS = 24

/** What happened to a model in one hour. */
export type Hour = {
  readonly hour: number
  answers: number
  failures: number
  inputTokens: number
  outputTokens: number
  cost: number
  /** Milliseconds. */
  readonly firstToken: Histogram
  /** Tokens a second. */
  readonly speed: Histogram
  /** As it is shown; undefined since it was changed. */
  shown: Activity['hours'][number] | undefined
}

/** What hours come to, but for what changes without them. */
export type Summary = Pick<
  Activity,
  'answers' | 'failures' | 'firstTokenMs' | 'tokensPerSecond' | 'hours'
>

/** When the hour of a moment began. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS
}

/** The hours that are shown, the oldest first; those without anything are empty. */
export function lastHours(hours: ReadonlyMap<number, Hour>, present: number): Hour[] {
  return Array.from({ length: HOURS }, (_, index) => {
    const start = present - (HOURS - 1 - index) * HOUR_MS
    return hours.get(start) ?? newHour(start)
  })
}

/** All hours in one, and each by itself. */
export function summarize(hours: readonly Hour[]): Summary {
  const sum = (of: (hour: Hour) => number) => hours.reduce((all, hour) => all + of(hour), 0)
  const first = percentiles(merge(hours.map(({ firstToken }) => firstToken)), [0.5, 0.9, 0.99])
  const speed = percentiles(merge(hours.map(({ speed }) => speed)), [0.5, 0.1, 0.01])
  return {
    answers: sum(({ answers }) => answers),
    failures: sum(({ failures }) => failures),
    firstTokenMs: first === undefined ? null : { p50: first[0], p90: first[1], p99: first[2] },
    tokensPerSecond: speed === undefined ? null : { p50: speed[0], p10: speed[1], p1: speed[2] },
    hours: hours.map((hour) => (hour.shown ??= show(hour))),
  }
}

function show(hour: Hour): Activity['hours'][number] {
  return {
    at: new Date(hour.hour).toISOString(),
    answers: hour.answers,
    failures: hour.failures,
    firstTokenMs: percentiles(hour.firstToken, [0.5])?.[0] ?? null,
    tokensPerSecond: percentiles(hour.speed, [0.5])?.[0] ?? null,
  }
}

export function newHour(hour: number): Hour {
  return {
    hour,
    answers: 0,
    failures: 0,
    inputTokens: 0,
    outputTokens: 0,
    cost: 0,
    firstToken: new Map(),
    speed: new Map(),
    shown: undefined,
  }
}

export function toRow(slug: string, hour: Hour): ActivityRow {
  return {
    slug,
    hour: hour.hour,
    answers: hour.answers,
    failures: hour.failures,
    input_tokens: hour.inputTokens,
    output_tokens: hour.outputTokens,
    cost: hour.cost,
    first_token: toStored(hour.firstToken),
    speed: toStored(hour.speed),
  }
}

export function fromRow(row: ActivityRow): Hour {
  return {
    hour: row.hour,
    answers: row.answers,
    failures: row.failures,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    cost: row.cost,
    firstToken: fromStored(row.first_token),
    speed: fromStored(row.speed),
    shown: undefined,
  }
}
