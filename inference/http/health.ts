import type { ModelRegistry, ModelState } from '../loading/model-registry.ts'
import type { Scheduler } from '../scheduling/scheduler.ts'

/** What GET /health says: 503 until every folder was tried, then 200 as one model at least answers. */
export function health(
  registry: ModelRegistry,
  scheduler: Scheduler,
): { status: number; body: object } {
  const loading = registry.states.some(({ status }) => status === 'loading')
  const ok = !loading && registry.ready.length > 0
  return {
    status: ok ? 200 : 503,
    body: {
      status: ok ? 'ok' : loading ? 'loading' : 'failed',
      models: registry.states.map(describe),
      queue: { active: scheduler.activeCount, waiting: scheduler.waitingCount },
      rssBytes: process.memoryUsage.rss(),
    },
  }
}

function describe(state: ModelState): object {
  const { id, status } = state
  if (state.status === 'failed') return { id, status, reason: state.reason }
  if (state.status === 'loading') return { id, status }
  const { precision, contextLength, loadMs } = state.model
  return { id, status, precision, contextLength, loadMs }
}
