import { Counter, Histogram, Registry } from 'prom-client'
import type { Engine } from '../engine/engine.ts'
import type { StepReport } from '../scheduling/scheduler.ts'
import { type MetricsDeps, watchState } from './state-gauges.ts'

/** The figures of one model's requests; seconds and tokens. */
export interface RequestFigures {
  firstToken(seconds: number): void
  nextToken(seconds: number): void
  waited(seconds: number): void
  reused(tokens: number): void
}

/** What operators watch, in Prometheus' text form. */
export interface Metrics {
  readonly contentType: string
  text(): Promise<string>
  /** Takes note of one call of an engine. */
  step(report: StepReport): void
  of(model: string): RequestFigures
  /** A request is over; `model`: empty while it is not known to exist. */
  ended(model: string, outcome: string): void
}

const SECONDS_TO_FIRST = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60]
const SECONDS_A_STEP = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 1, 5, 20]
const ROWS = [1, 2, 3, 4, 6, 8, 12, 16, 32]

export function createMetrics(deps: MetricsDeps): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[],
  ) => new Histogram({ name: `trivium_inference_${name}`, help, buckets, labelNames, registers })
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Counter({ name: `trivium_inference_${name}`, help, labelNames, registers })

  const firstToken = histogram(
    'first_token_seconds',
    'From a whole request to the first token of its answer',
    SECONDS_TO_FIRST,
    ['model'],
  )
  const nextToken = histogram(
    'token_seconds',
    'From one token of an answer to the next',
    SECONDS_A_STEP,
    ['model'],
  )
  const waiting = histogram(
    'waiting_seconds',
    'From a whole request to its place among those being answered',
    SECONDS_TO_FIRST,
    ['model'],
  )
  const stepSeconds = histogram('step_seconds', 'One call of an engine', SECONDS_A_STEP, [
    'model',
    'kind',
  ])
  const batch = histogram('batch_size', 'Answers that share one decode step', ROWS, ['model'])
  const tokens = counter('tokens_total', 'Tokens read, of prompts and of answers', [
    'model',
    'kind',
  ])
  const reused = counter('reused_tokens_total', 'Tokens of prompts that need not be read again', [
    'model',
  ])
  const requests = counter('requests_total', 'Requests for an answer, by how they ended', [
    'model',
    'outcome',
  ])
  watchState(registry, deps)

  // Labels are looked up once: what follows a step is to cost microseconds.
  const steps = remember((engine: Engine) => {
    const model = deps.models.ready.find((each) => each.engine === engine)?.id ?? ''
    return {
      batch: batch.labels({ model }),
      prefill: {
        seconds: stepSeconds.labels({ model, kind: 'prefill' }),
        tokens: tokens.labels({ model, kind: 'prefill' }),
      },
      decode: {
        seconds: stepSeconds.labels({ model, kind: 'decode' }),
        tokens: tokens.labels({ model, kind: 'decode' }),
      },
    }
  })
  const figures = remember((model: string): RequestFigures => {
    const own = {
      first: firstToken.labels({ model }),
      next: nextToken.labels({ model }),
      waiting: waiting.labels({ model }),
      reused: reused.labels({ model }),
    }
    return {
      firstToken: (seconds) => own.first.observe(seconds),
      nextToken: (seconds) => own.next.observe(seconds),
      waited: (seconds) => own.waiting.observe(seconds),
      reused: (count) => own.reused.inc(count),
    }
  })

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    step({ engine, kind, rows, tokens: count, seconds }) {
      const own = steps(engine)
      own[kind].seconds.observe(seconds)
      own[kind].tokens.inc(count)
      if (kind === 'decode') own.batch.observe(rows)
    },
    of: figures,
    ended: (model, outcome) => requests.inc({ model, outcome }),
  }
}

function remember<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}
