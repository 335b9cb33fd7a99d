import type { Logger } from 'pino'
import type { Schedule } from '../schedule.ts'
import { askInferenceHealth } from './inference-health.ts'
import { HEARTBEAT, pause, untilHung, type Heartbeat } from './inference-heartbeat.ts'
import type { InferenceProcess } from './inference-process.ts'

export type EmbeddedState = 'starting' | 'ready' | 'restarting' | 'stopped'

/** The embedded inference as the rest of the arena sees it. */
export type Embedded = {
  state(): EmbeddedState
  /** Where its API is, while it is ready. */
  baseUrl(): string | undefined
  /** The models that it answers with now. */
  serves(model: string): boolean
  /** Whether it keeps ending before it is ready, so that waiting is of little use. */
  isFailing(): boolean
  /** Why it is not ready, in an operator's words. */
  lastError(): string | null
  onChange(callback: () => void): void
  start(): void
  stop(): Promise<void>
}

const FIRST_RESTART_MS = 500
const LONGEST_RESTART_MS = 30_000
/** Up for so long, the next end counts as a first one again. */
const STABLE_MS = 60_000
const HEALTH_POLL_MS = 200
const LOADING_HEALTH_TIMEOUT_MS = 2000
/** So many ends before it was ever ready are no accident. */
const FAILING_AFTER = 3

/** An inference that is switched off. */
export const NO_EMBEDDED: Embedded = {
  state: () => 'stopped',
  baseUrl: () => undefined,
  serves: () => false,
  isFailing: () => false,
  lastError: () => null,
  onChange: () => undefined,
  start: () => undefined,
  stop: () => Promise.resolve(),
}

export type EmbeddedDeps = {
  startProcess: () => InferenceProcess
  schedule: Schedule
  clock: () => number
  log: Logger
  /** How closely it is watched, if not as usual. */
  heartbeat?: Heartbeat
}

/**
 * Starts the inference process, watches over it and starts it again, ever later, when it ends. One
 * that hangs is killed first.
 */
export class EmbeddedSupervisor implements Embedded {
  readonly #deps: EmbeddedDeps
  readonly #callbacks: (() => void)[] = []
  #state: EmbeddedState = 'stopped'
  #address: string | undefined
  #models: ReadonlySet<string> = new Set()
  #lastError: string | null = null
  /** What made it count as hung, once it is killed for that. */
  #hang: string | null = null
  #failures = 0
  #process: InferenceProcess | undefined
  #running: Promise<void> | undefined
  #endWait: (() => void) | undefined
  #stopping = false

  constructor(deps: EmbeddedDeps) {
    this.#deps = deps
  }

  state(): EmbeddedState {
    return this.#state
  }

  baseUrl(): string | undefined {
    return this.#state === 'ready' && this.#address !== undefined
      ? `${this.#address}/v1`
      : undefined
  }

  serves(model: string): boolean {
    return this.#state === 'ready' && this.#models.has(model)
  }

  isFailing(): boolean {
    return this.#failures >= FAILING_AFTER
  }

  lastError(): string | null {
    return this.#lastError
  }

  onChange(callback: () => void): void {
    this.#callbacks.push(callback)
  }

  start(): void {
    this.#running ??= this.#run()
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#endWait?.()
    await this.#process?.end()
    await this.#running
  }

  async #run(): Promise<void> {
    const { clock, log, startProcess } = this.#deps
    let delay = FIRST_RESTART_MS
    this.#enter('starting')
    while (!this.#stopping) {
      const startedAt = clock()
      const process = startProcess()
      this.#process = process
      const [how] = await Promise.all([process.exited, this.#watch(process)])
      this.#process = undefined
      if (this.#stopping) break
      if (this.#state !== 'ready') this.#failures += 1
      if (clock() - startedAt >= STABLE_MS) delay = FIRST_RESTART_MS
      const why = this.#hang === null ? process.lastError() : `it ${this.#hang}`
      this.#hang = null
      this.#lastError = why === null ? how : `${how}: ${why}`
      log.error({ restartInMs: delay }, `the embedded inference ${this.#lastError}`)
      this.#enter('restarting')
      await this.#wait(delay)
      delay = Math.min(delay * 2, LONGEST_RESTART_MS)
    }
    this.#enter('stopped')
  }

  /** Watches a process until it has ended; kills one that hangs. */
  async #watch(process: InferenceProcess): Promise<void> {
    const gone = new AbortController()
    const { signal } = gone
    signal.addEventListener('abort', () => this.#endWait?.())
    void process.exited.then(() => gone.abort())
    const { heartbeat = HEARTBEAT } = this.#deps
    const isReady = await this.#untilReady(process, heartbeat.loadingSilenceMs, signal)
    const address = this.#address
    const hang = !isReady
      ? `did not say how far it is for ${heartbeat.loadingSilenceMs / 1000} s`
      : await untilHung((ms) => askInferenceHealth(address ?? '', ms, signal), heartbeat, signal)
    if (hang === undefined || signal.aborted || this.#stopping) return
    this.#hang = hang
    this.#deps.log.error(`the embedded inference ${hang}: it is killed`)
    process.kill()
  }

  /** Waits until the process serves models; false when it ended before, or fell silent. */
  async #untilReady(
    process: InferenceProcess,
    silenceMs: number,
    signal: AbortSignal,
  ): Promise<boolean> {
    const silence = pause(silenceMs, signal).then(() => undefined)
    const listening = await Promise.race([process.listening, silence])
    if (listening === undefined) return false
    const address = `http://${listening.host}:${listening.port}`
    this.#address = address
    let answeredAt = performance.now()
    while (!signal.aborted && !this.#stopping) {
      const health = await askInferenceHealth(address, LOADING_HEALTH_TIMEOUT_MS, signal)
      if (health !== undefined) answeredAt = performance.now()
      else if (performance.now() - answeredAt >= silenceMs) return false
      const models = health?.models
      if (models !== undefined && !signal.aborted && !this.#stopping) {
        this.#models = new Set(models)
        this.#failures = 0
        this.#lastError = null
        this.#deps.log.info({ models, address }, 'the embedded inference is ready')
        this.#enter('ready')
        return true
      }
      if (!signal.aborted) await this.#wait(HEALTH_POLL_MS)
    }
    return false
  }

  #wait(ms: number): Promise<void> {
    if (this.#stopping) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#deps.schedule(resolve, ms)
      this.#endWait = () => {
        cancel()
        resolve()
      }
    })
  }

  #enter(state: EmbeddedState): void {
    this.#state = state
    for (const callback of this.#callbacks) callback()
  }
}
