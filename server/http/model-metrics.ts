import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { ActivityLog } from '../health/activity.ts'
import type { FailureLog } from '../health/failures.ts'
import type { Roster } from '../models/roster.ts'

/** Seconds to the first token: from a local model to the longest time-out that anybody waits for. */
const FIRST_TOKEN_BUCKETS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]
const BREAKER_STATES = ['closed', 'half-open', 'open'] as const

export type ModelMetricsDeps = {
  readonly roster: Pick<Roster, 'all' | 'breaker'>
  readonly activity: Pick<ActivityLog, 'onOutcome' | 'inFlight'>
  readonly failures: Pick<FailureLog, 'onFailure'>
}

/** What each model does since the start, by its slug: never how it is reached. */
export function watchModels(registry: Registry, deps: ModelMetricsDeps): void {
  const { roster, activity, failures } = deps
  const registers = [registry]
  const answers = new Counter({
    name: 'trivium_model_answers_total',
    help: 'Answers that came to their end, or were stopped',
    labelNames: ['model', 'outcome'],
    registers,
  })
  const failed = new Counter({
    name: 'trivium_model_failures_total',
    help: 'Answers that could not be had, by kind',
    labelNames: ['model', 'kind'],
    registers,
  })
  const firstToken = new Histogram({
    name: 'trivium_model_first_token_seconds',
    help: 'From sending a request to the first token',
    labelNames: ['model'],
    buckets: FIRST_TOKEN_BUCKETS,
    registers,
  })
  const tokens = new Counter({
    name: 'trivium_model_tokens_total',
    help: 'Tokens of answers, as counted by providers or estimated',
    labelNames: ['model', 'direction'],
    registers,
  })
  const cost = new Counter({
    name: 'trivium_model_cost_dollars_total',
    help: 'What answers cost, in US dollars',
    labelNames: ['model'],
    registers,
  })

  activity.onOutcome(({ slug: model, how, use, cost: paid, firstTokenMs }) => {
    if (how !== 'failed') {
      answers.inc({ model, outcome: how === 'succeeded' ? 'complete' : 'stopped' })
    }
    tokens.inc({ model, direction: 'input' }, use.inputTokens)
    tokens.inc({ model, direction: 'output' }, use.outputTokens)
    cost.inc({ model }, paid)
    if (firstTokenMs !== undefined) firstToken.observe({ model }, firstTokenMs / 1000)
  })
  failures.onFailure(({ slug: model, kind }) => failed.inc({ model, kind }))

  const ofModels = (name: string, help: string, read: (slug: string) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['model'],
      registers,
      collect() {
        this.reset()
        for (const { slug: model, retired } of roster.all()) {
          if (retired === null) this.set({ model }, read(model))
        }
      },
    })
  ofModels('trivium_model_answers_in_flight', 'Answers that are being written', (slug) =>
    activity.inFlight(slug),
  )
  ofModels('trivium_model_breaker_state', 'Breaker: 0 closed, 1 half-open, 2 open', (slug) =>
    BREAKER_STATES.indexOf(roster.breaker(slug).state()),
  )
}
