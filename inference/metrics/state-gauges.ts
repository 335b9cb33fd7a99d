import { Gauge, type Registry } from 'prom-client'
import type { ModelRegistry } from '../loading/model-registry.ts'
import type { MemoryGuard } from '../memory/memory-guard.ts'
import type { Scheduler } from '../scheduling/scheduler.ts'

/** What the figures are read from. */
export interface MetricsDeps {
  readonly models: ModelRegistry
  readonly scheduler: () => Pick<Scheduler, 'activeCount' | 'waitingCount'>
  readonly memory: Pick<MemoryGuard, 'free'>
  /** Memory that all caches may take, in bytes. */
  readonly cacheBytes: number
  /** Open connections. */
  readonly connections: () => Promise<number>
}

/** Figures that are not counted but looked up whenever somebody asks. */
export function watchState(registry: Registry, deps: MetricsDeps): void {
  const { models, scheduler, memory } = deps
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect: (gauge: Gauge<Label>) => void | Promise<void>,
  ): void => {
    const made: Gauge<Label> = new Gauge({
      name: `trivium_inference_${name}`,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        made.reset()
        await collect(made)
      },
    })
  }

  gauge('requests', 'Requests under way, by whether they wait for a place', ['state'], (set) => {
    set.set({ state: 'active' }, scheduler().activeCount)
    set.set({ state: 'waiting' }, scheduler().waitingCount)
  })
  gauge('connections', 'Open connections', [], async (set) => set.set(await deps.connections()))
  gauge('sequences', 'Places of a cache that are taken', ['model'], (set) => {
    for (const { id, engine } of models.ready) {
      set.set({ model: id }, engine.cacheUse().sequences)
    }
  })
  gauge(
    'cache_bytes',
    'Memory of caches: held by answers under way, kept for later ones',
    ['model', 'use'],
    (set) => {
      for (const { id, engine } of models.ready) {
        const { heldTokens, keptTokens } = engine.cacheUse()
        set.set({ model: id, use: 'held' }, heldTokens * engine.bytesPerToken)
        set.set({ model: id, use: 'kept' }, keptTokens * engine.bytesPerToken)
      }
    },
  )
  gauge('cache_budget_bytes', 'Memory that caches may take', [], (set) => set.set(deps.cacheBytes))
  gauge('models', 'Model folders, by what became of them', ['status'], (set) => {
    for (const status of ['loading', 'ready', 'failed'] as const) {
      set.set({ status }, models.states.filter((state) => state.status === status).length)
    }
  })
  gauge(
    'model_info',
    'Always 1: how a model runs',
    ['model', 'engine', 'device', 'precision'],
    (set) => {
      for (const { id, engineKind, device, precision } of models.ready) {
        set.set({ model: id, engine: engineKind, device, precision }, 1)
      }
    },
  )
  gauge('resident_memory_bytes', 'Memory of this process', [], (set) =>
    set.set(process.memoryUsage.rss()),
  )
  gauge('free_memory_bytes', 'Memory that the system would still give', [], (set) => {
    const { free } = memory
    if (free !== null) set.set(free.freeBytes)
  })
}
