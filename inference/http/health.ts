import type { ModelRegistry, ModelState } from '../loading/model-registry.ts'
import type { MemoryGuard } from '../memory/memory-guard.ts'
import type { Scheduler } from '../scheduling/scheduler.ts'
import type { Settings } from '../settings.ts'
import { patience } from './patience.ts'

/** What health is read from. */
export interface HealthDependencies {
  readonly registry: ModelRegistry
  readonly scheduler: Scheduler
  readonly memory: Pick<MemoryGuard, 'free' | 'isShort'>
  /** What the settings ask to compute on. */
  readonly device: Settings['device']
}

/** What GET /health says: 503 until every folder was tried, then 200 as one model at least answers. */
export function health(dependencies: HealthDependencies): { status: number; body: object } {
  const { registry, scheduler, memory } = dependencies
  const loading = registry.states.some(({ status }) => status === 'loading')
  const ok = !loading && registry.ready.length > 0
  return {
    status: ok ? 200 : 503,
    body: {
      status: ok ? 'ok' : loading ? 'loading' : 'failed',
      models: registry.states.map(describe),
      queue: { active: scheduler.activeCount, waiting: scheduler.waitingCount },
      rssBytes: process.memoryUsage.rss(),
      memory: memory.free,
      degraded: degradations(dependencies),
      ...patience(registry.ready, scheduler.steps),
    },
  }
}

/** What is not as good as it could be, a sentence each. */
function degradations({ registry, memory, device }: HealthDependencies): string[] {
  const ofModels = registry.states.flatMap((state) => {
    const { id } = state
    if (state.status === 'failed') return [`the model folder ${id} is left out: ${state.reason}`]
    if (state.status === 'loading') return []
    const { engineBecause, device: own } = state.model
    return [
      ...(engineBecause === null
        ? []
        : [`${id} runs on the slower engine, because the faster one failed: ${engineBecause}`]),
      ...(device === 'cuda' && own !== 'cuda' ? [`${id} runs on the ${own} instead of CUDA`] : []),
    ]
  })
  return memory.isShort ? [...ofModels, 'memory is short: new requests are turned away'] : ofModels
}

function describe(state: ModelState): object {
  const { id, status } = state
  if (state.status === 'failed') return { id, status, reason: state.reason }
  if (state.status === 'loading') return { id, status }
  const { engine, engineKind, device, precision, contextLength, loadMs, residentBytes } =
    state.model
  const { sequences, heldTokens, keptTokens } = engine.cacheUse()
  return {
    id,
    status,
    precision,
    contextLength,
    loadMs,
    engine: engineKind,
    device,
    residentBytes,
    cache: {
      sequences,
      heldBytes: heldTokens * engine.bytesPerToken,
      keptBytes: keptTokens * engine.bytesPerToken,
    },
  }
}
