import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DecodeStep, Engine, EngineSequence } from '../engine/engine.ts'

/** One answer to be written. Its methods are called by the scheduler only. */
export interface Job {
  readonly engine: Engine
  /** At least one. */
  readonly promptIds: readonly number[]
  /** Tokens that prompt and answer may take together at most. */
  readonly reservedTokens: number
  /**
   * Takes the logits of the last position; returns the token that the sequence reads next, or null
   * when the answer is complete. What it throws ends this job alone.
   */
  accept(logits: Float32Array): number | null
  /** The job cannot be finished. */
  fail(error: unknown): void
}

/** The hold that whoever submitted a job has on it. All of it may be called at any time. */
export interface Ticket {
  /** Ends the job within one step, silently. */
  cancel(): void
  /** Leaves the job out of the coming steps; it keeps its place and its cache. */
  pause(): void
  resume(): void
}

/** How much may be under way at once. */
export interface SchedulerLimits {
  /** Jobs that take turns. */
  readonly maxActive: number
  /** Jobs that wait for a place among them. */
  readonly maxWaiting: number
  /** Memory that the caches of all active jobs may take, in bytes. */
  readonly cacheBytes: number
}

/** Thrown when a job finds every place taken. */
export class QueueFullError extends Error {
  /** When to try again, in whole seconds. */
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number) {
    super('too many requests are waiting')
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/**
 * Tokens of a prompt that are read between two decode steps: with 64 a prompt is read as fast as
 * in one go, and those who are answering meanwhile wait for a tenth of a second at most.
 */
export const CHUNK_TOKENS = 64
const FIRST_GUESS_OF_JOB_SECONDS = 5
const MAX_RETRY_AFTER_SECONDS = 60

interface Entry {
  readonly job: Job
  readonly startedAt: number
  readonly sequence: EngineSequence
  /** Tokens of the prompt already read. */
  fed: number
  /** The token to read next, once the prompt is read. */
  next: number | null
  readonly handle: Handle
}

interface Handle {
  cancelled: boolean
  paused: boolean
}

/**
 * Lets all jobs take turns: every round reads one chunk of one prompt and then gives every job that
 * is answering one token, whatever its model. Jobs come and go between rounds. Between steps the
 * event loop runs, because a step itself blocks it.
 */
export class Scheduler {
  readonly #limits: SchedulerLimits
  #waiting: { readonly job: Job; readonly handle: Handle }[] = []
  readonly #active: Entry[] = []
  #running: Promise<void> | null = null
  #turn = 0
  #jobSeconds = FIRST_GUESS_OF_JOB_SECONDS

  constructor(limits: SchedulerLimits) {
    this.#limits = limits
  }

  get activeCount(): number {
    return this.#active.length
  }

  get waitingCount(): number {
    return this.#waiting.length
  }

  /** Queues a job. Throws QueueFullError when the queue is full. */
  submit(job: Job): Ticket {
    const { maxActive, maxWaiting } = this.#limits
    const held = [...this.#waiting, ...this.#active].filter(({ handle }) => !handle.cancelled)
    if (held.length >= maxActive + maxWaiting) {
      throw new QueueFullError(this.#retryAfterSeconds())
    }
    const handle: Handle = { cancelled: false, paused: false }
    this.#waiting.push({ job, handle })
    this.#wake()
    return {
      cancel: () => {
        handle.cancelled = true
        this.#wake()
      },
      pause: () => {
        handle.paused = true
      },
      resume: () => {
        handle.paused = false
        this.#wake()
      },
    }
  }

  /** Cancels everything and resolves when no step is under way any more. */
  async stop(): Promise<void> {
    for (const { handle } of [...this.#waiting, ...this.#active]) handle.cancelled = true
    this.#wake()
    await this.#running
  }

  #wake(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = null
      // Something may have come in after the last look and before this.
      if (this.#hasWork()) this.#wake()
    })
  }

  async #run(): Promise<void> {
    // Never inside of the caller's own turn: a job must not hear anything before submit returns.
    await nextTurn()
    while (this.#hasWork()) {
      this.#dropCancelled()
      this.#admit()
      await this.#prefillOne()
      await this.#decodeAll()
      await nextTurn()
    }
  }

  #hasWork(): boolean {
    const cancelled = [...this.#waiting, ...this.#active].some(({ handle }) => handle.cancelled)
    return cancelled || this.#canAdmit() || this.#active.some(({ handle }) => !handle.paused)
  }

  #dropCancelled(): void {
    this.#waiting = this.#waiting.filter(({ handle }) => !handle.cancelled)
    for (const entry of this.#active.filter(({ handle }) => handle.cancelled)) this.#retire(entry)
  }

  #canAdmit(): boolean {
    const [head] = this.#waiting
    if (!head || this.#active.length >= this.#limits.maxActive) return false
    if (this.#active.length === 0) return true
    const taken = this.#active.reduce((sum, { job }) => sum + cacheBytes(job), 0)
    return taken + cacheBytes(head.job) <= this.#limits.cacheBytes
  }

  #admit(): void {
    while (this.#canAdmit()) {
      const head = this.#waiting.shift()
      if (!head) return
      const sequence = head.job.engine.open(head.job.promptIds)
      const fed = sequence.length
      this.#active.push({ ...head, sequence, startedAt: performance.now(), fed, next: null })
    }
  }

  /** Reads the next chunk of one prompt; prompts take turns, so a long one cannot hold up a short one. */
  async #prefillOne(): Promise<void> {
    const reading = this.#active.filter(({ next, handle }) => next === null && !handle.paused)
    const entry = reading[this.#turn++ % reading.length]
    if (!entry) return
    const { job, sequence, fed } = entry
    const chunk = job.promptIds.slice(fed, fed + CHUNK_TOKENS)
    await this.#step([entry], async () => {
      const logits = await job.engine.prefill(sequence, chunk)
      entry.fed += chunk.length
      if (entry.fed === job.promptIds.length) this.#accept(entry, logits)
    })
  }

  async #decodeAll(): Promise<void> {
    const answering = this.#active.filter(({ next, handle }) => next !== null && !handle.paused)
    for (const engine of new Set(answering.map(({ job }) => job.engine))) {
      const live = answering.filter(({ job, handle }) => job.engine === engine && !handle.cancelled)
      const steps = live.flatMap(({ sequence, next }): DecodeStep[] =>
        next === null ? [] : [{ sequence, token: next }],
      )
      if (steps.length === 0) continue
      await this.#step(live, async () => {
        const rows = await engine.decode(steps)
        for (const [index, entry] of live.entries()) {
          const row = rows[index]
          if (row) this.#accept(entry, row)
        }
      })
    }
  }

  /** Runs one call of an engine; if it throws, the jobs in it fail and the others go on. */
  async #step(entries: readonly Entry[], call: () => Promise<void>): Promise<void> {
    try {
      await call()
    } catch (error) {
      for (const entry of entries) this.#fail(entry, error)
    }
  }

  #accept(entry: Entry, logits: Float32Array): void {
    if (entry.handle.cancelled) return
    try {
      entry.next = entry.job.accept(logits)
    } catch (error) {
      this.#fail(entry, error)
      return
    }
    if (entry.next !== null) return
    const seconds = (performance.now() - entry.startedAt) / 1000
    this.#jobSeconds += (seconds - this.#jobSeconds) / 8
    this.#retire(entry)
  }

  #fail(entry: Entry, error: unknown): void {
    if (!this.#retire(entry) || entry.handle.cancelled) return
    entry.job.fail(error)
  }

  /** Takes a job out of the turns and frees what it held; false when it was out already. */
  #retire(entry: Entry): boolean {
    const index = this.#active.indexOf(entry)
    if (index < 0) return false
    this.#active.splice(index, 1)
    entry.job.engine.free(entry.sequence)
    return true
  }

  #retryAfterSeconds(): number {
    const seconds = Math.ceil((this.#jobSeconds * this.#waiting.length) / this.#limits.maxActive)
    return Math.min(Math.max(seconds, 1), MAX_RETRY_AFTER_SECONDS)
  }
}

function cacheBytes(job: Job): number {
  return job.reservedTokens * job.engine.bytesPerToken
}
