import type { Logger } from 'pino'
import type { Schedule } from './breaker.ts'
import { askInferenceHealth } from './inference-health.ts'
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
}

/** Starts the inference process, watches over it and starts it again, ever later, when it ends. */
export class EmbeddedSupervisor implements Embedded {
  readonly #deps: EmbeddedDeps
  readonly #callbacks: (() => void)[] = []
  #state: EmbeddedState = 'stopped'
  #address: string | undefined
  #models: ReadonlySet<string> = new Set()
  #lastError: string | null = null
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
      const why = process.lastError()
      this.#lastError = why === null ? how : `${how}: ${why}`
      log.error({ restartInMs: delay }, `the embedded inference ${this.#lastError}`)
      this.#enter('restarting')
      await this.#wait(delay)
      delay = Math.min(delay * 2, LONGEST_RESTART_MS)
    }
    this.#enter('stopped')
  }

  /** Waits until the process serves models, or has ended. */
  async #watch(process: InferenceProcess): Promise<void> {
    const gone = new AbortController()
    const exited = process.exited.then(() => {
      gone.abort()
      this.#endWait?.()
      return undefined
    })
    const address = await Promise.race([process.listening, exited])
    if (address === undefined) return
    this.#address = `http://${address.host}:${address.port}`
    while (!gone.signal.aborted && !this.#stopping) {
      const models = await askInferenceHealth(this.#address)
      if (models !== undefined && !gone.signal.aborted && !this.#stopping) {
        this.#models = new Set(models)
        this.#failures = 0
        this.#lastError = null
        this.#deps.log.info({ models }, 'the embedded inference is ready')
        this.#enter('ready')
        return
      }
      if (!gone.signal.aborted) await this.#wait(HEALTH_POLL_MS)
    }
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
