import { Router } from 'express'
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client'
import type { Auth } from '../admin/auth.ts'
import { watchModels, type ModelMetricsDeps } from './model-metrics.ts'

type MetricsDeps = {
  readonly connections: () => number
  readonly runningBattles: () => number
  readonly frameWindowMs: () => number
  readonly readyModels: () => number
  readonly models: ModelMetricsDeps
}

/** What operators watch, in Prometheus' text form. */
export type Metrics = ReturnType<typeof createMetrics>

/** `GET /metrics`, for tokens of scope `read` and above. */
export function metricsRoutes(metrics: Metrics, auth: Pick<Auth, 'requireScope'>): Router {
  const router = Router()
  router.get('/', auth.requireScope('read'), async (_request, response) => {
    response
      .set('Cache-Control', 'no-store')
      .type(metrics.contentType)
      .send(await metrics.text())
  })
  return router
}

export function createMetrics(deps: MetricsDeps) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'trivium_' })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('trivium_connections', 'Open sockets', deps.connections)
  gauge('trivium_running_battles', 'Battles with an answer being written', deps.runningBattles)
  gauge('trivium_frame_window_ms', 'The present window of frames', deps.frameWindowMs)
  gauge('trivium_ready_models', 'Models that can be drawn', deps.readyModels)
  const votes = new Counter({
    name: 'trivium_votes_total',
    help: 'Votes counted since the start',
    registers: [registry],
  })
  watchModels(registry, deps.models)
  return {
    contentType: registry.contentType,
    countVotes: (count: number) => votes.inc(count),
    text: (): Promise<string> => registry.metrics(),
  }
}
