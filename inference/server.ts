import { type Server, createServer } from 'node:http'
import type { Logger } from 'pino'
import { type DeviceChoice, chooseDevice } from './engine/native/device-choice.ts'
import { createHandler } from './http/routes.ts'
import { ModelRegistry } from './loading/model-registry.ts'
import { type FreeMemory, readFreeMemory } from './memory/free-memory.ts'
import { MemoryGuard } from './memory/memory-guard.ts'
import { createMetrics } from './metrics/metrics.ts'
import { Scheduler, type SchedulerLimits } from './scheduling/scheduler.ts'
import type { Settings } from './settings.ts'

const GIB = 1024 ** 3
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000

/**
 * How many may be served at once when nobody says otherwise. A cache that grows leaves its older
 * copies to the garbage collector, so that the process takes up to four times `cacheBytes`.
 */
const DEFAULT_LIMITS: SchedulerLimits = { maxActive: 8, maxWaiting: 64, cacheBytes: GIB }

/** What a server needs to know; everything optional is for tests and tuning. */
export interface InferenceServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly modelsDirectory: string
  /** Threads that one step of a model may use. */
  readonly threads: number
  readonly log: Logger
  /** What to compute on; default: auto. */
  readonly device?: Settings['device']
  /** How a device is chosen, so that tests can have one. */
  readonly chooseDevice?: typeof chooseDevice
  /** How memory is read, so that tests can be short of it. */
  readonly readFreeMemory?: () => FreeMemory | null
  readonly limits?: Partial<SchedulerLimits>
  /** How long a client may take to send a request, in milliseconds. */
  readonly requestTimeoutMs?: number
  /** How long a client may leave a full stream unread, in milliseconds. */
  readonly stalledMs?: number
}

/** A server that listens; its models may still be loading. */
export interface InferenceServer {
  readonly host: string
  readonly port: number
  readonly registry: ModelRegistry
  readonly scheduler: Scheduler
  /** Resolves when every folder was tried, with the number of models that answer. */
  readonly loaded: Promise<number>
  /** How many connections are open. */
  connections(): Promise<number>
  /** Stops listening, ends every stream, releases the models. */
  close(): Promise<void>
}

/**
 * Listens first and loads the models after, so that its health can be asked meanwhile. Rejects when
 * it cannot listen or the directory of models cannot be read.
 */
export async function startInferenceServer(
  options: InferenceServerOptions,
): Promise<InferenceServer> {
  const { log, threads, requestTimeoutMs = REQUEST_TIMEOUT_MS } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const registry = await ModelRegistry.scan(options.modelsDirectory)
  const device = (options.chooseDevice ?? chooseDevice)(options.device ?? 'auto')
  const memory = new MemoryGuard({
    read: options.readFreeMemory ?? readFreeMemory,
    now: () => performance.now(),
    trim: () => registry.ready.forEach(({ engine }) => engine.trim()),
  })
  const connections = (): Promise<number> =>
    new Promise((resolve) => {
      server.getConnections((error, count) => resolve(error ? 0 : count))
    })
  const metrics = createMetrics({
    models: registry,
    scheduler: () => scheduler,
    memory,
    cacheBytes: limits.cacheBytes,
    connections,
  })
  const scheduler = new Scheduler(limits, (step) => metrics.step(step))
  const handle = createHandler({
    registry,
    scheduler,
    log,
    metrics,
    memory,
    device,
    ...(options.stalledMs !== undefined && { stalledMs: options.stalledMs }),
  })
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
    },
    (request, response) => void handle(request, response),
  )
  const port = await listen(server, options.host, options.port)
  tellDevice(log, device)
  const stopping = new AbortController()
  const loaded = registry
    .load(
      {
        threads,
        sequences: limits.maxActive,
        cacheBytes: limits.cacheBytes,
        device,
        readFreeMemory: options.readFreeMemory ?? readFreeMemory,
      },
      log,
      stopping.signal,
    )
    .then(() => registry.ready.length)

  return {
    host: options.host,
    port,
    registry,
    scheduler,
    loaded,
    connections,
    async close() {
      stopping.abort()
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
      server.closeAllConnections()
      await scheduler.stop()
      await loaded
      await registry.dispose()
      await closed
    },
  }
}

/** Says loudly that the GPU is not used, where somebody counts on it; every model's line says it too. */
function tellDevice(log: Logger, { because, isLoud }: DeviceChoice): void {
  if (because === null || !isLoud) return
  log.warn(
    { device: 'cpu', because },
    `models run on the CPU, because CUDA cannot be used: ${because}`,
  )
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
