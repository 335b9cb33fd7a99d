import type { DeviceChoice } from '../engine/native/device-choice.ts'
import type { ModelRegistry, ModelState } from '../loading/model-registry.ts'
import type { MemoryGuard } from '../memory/memory-guard.ts'
import type { Scheduler } from '../scheduling/scheduler.ts'
import { patience } from './patience.ts'

/** What health is read from. */
export interface HealthDependencies {
  readonly registry: ModelRegistry
  readonly scheduler: Scheduler
  readonly memory: Pick<MemoryGuard, 'free' | 'isShort'>
  /** What was chosen to compute on. */
  readonly device: Pick<DeviceChoice, 'because' | 'isLoud'>
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
    const { engineBecause, deviceBecause, contextBecause } = state.model
    // Without a GPU nobody misses it; where one was chosen, or counted on, a model that is not there is.
    const isMissed = device.isLoud || device.because === null
    return [
      ...(engineBecause === null
        ? []
        : [`${id} runs on the slower engine, because the faster one failed: ${engineBecause}`]),
      ...(deviceBecause !== null && isMissed
        ? [`${id} runs on the CPU instead of CUDA: ${deviceBecause}`]
        : []),
      ...(contextBecause === null ? [] : [`${id}: ${contextBecause}`]),
    ]
  })
  return memory.isShort ? [...ofModels, 'memory is short: new requests are turned away'] : ofModels
}

function describe(state: ModelState): object {
  const { id, status } = state
  if (state.status === 'failed') return { id, status, reason: state.reason }
  if (state.status === 'loading') return { id, status }
  const { engine, engineKind, device, deviceBecause } = state.model
  const { precision, contextLength, loadMs, residentBytes } = state.model
  const { sequences, heldTokens, keptTokens } = engine.cacheUse()
  return {
    id,
    status,
    precision,
    contextLength,
    loadMs,
    engine: engineKind,
    device,
    deviceReason: deviceBecause,
    residentBytes,
    cache: {
      sequences,
      heldBytes: heldTokens * engine.bytesPerToken,
      keptBytes: keptTokens * engine.bytesPerToken,
    },
  }
}
