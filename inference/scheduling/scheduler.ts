import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DecodeStep, Engine, EngineSequence } from '../engine/engine.ts'
import { Rereading } from './rereading.ts'
import { type StepTimes, StepWatch } from './step-watch.ts'
import { WaitingLine } from './waiting-line.ts'

/** One answer to be written. Its methods are called by the scheduler only. */
export interface Job {
  readonly engine: Engine
  /** Who asks; clients share the places evenly. */
  readonly client?: string | undefined
  /** At least one. */
  readonly promptIds: readonly number[]
  /** Tokens that prompt and answer may take together at most. */
  readonly reservedTokens: number
  /** The job has got a place; so many tokens of its prompt are known from before. */
  begin?(knownTokens: number): void
  /** Whether `acceptPrompt` is to hear of the prompt; then all of it is read, whatever is known. */
  readonly wantsPromptLogits?: boolean
  /** Takes the logits after each token of the prompt, from the token `from` on. */
  acceptPrompt?(from: number, rows: readonly Float32Array[]): void
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

/** What one call of an engine did. */
export interface StepReport {
  readonly kind: 'prefill' | 'decode'
  readonly engine: Engine
  /** Sequences that took part. */
  readonly rows: number
  /** Tokens that were read in all. */
  readonly tokens: number
  readonly seconds: number
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
  /** The tokens of the answer so far. */
  readonly answer: number[]
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
  readonly #waiting = new WaitingLine<{ readonly job: Job; readonly handle: Handle }>()
  readonly #rereading = new Rereading(CHUNK_TOKENS)
  readonly #onStep: (step: StepReport) => void
  readonly #watch = new StepWatch()
  readonly #active: Entry[] = []
  #running: Promise<void> | null = null
  #turn = 0
  #jobSeconds = FIRST_GUESS_OF_JOB_SECONDS

  constructor(limits: SchedulerLimits, onStep: (step: StepReport) => void = () => {}) {
    this.#limits = limits
    this.#onStep = onStep
  }

  get activeCount(): number {
    return this.#active.length
  }

  get waitingCount(): number {
    return this.#waiting.length
  }

  /** The call of an engine that is under way, and how long such calls take. */
  get steps(): StepTimes {
    return this.#watch
  }

  /** Queues a job. Throws QueueFullError when the queue is full. */
  submit(job: Job): Ticket {
    const { maxActive, maxWaiting } = this.#limits
    const held = [...this.#waiting.items, ...this.#active].filter(({ handle }) => !handle.cancelled)
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
    for (const { handle } of [...this.#waiting.items, ...this.#active]) handle.cancelled = true
    this.#rereading.clear()
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
      if (!this.#isBusy()) await this.#watch.time(() => this.#rereading.readSome())
      await nextTurn()
    }
  }

  #hasWork(): boolean {
    return this.#isBusy() || this.#rereading.hasWork
  }

  #isBusy(): boolean {
    const cancelled = [...this.#waiting.items, ...this.#active].some(
      ({ handle }) => handle.cancelled,
    )
    return cancelled || this.#canAdmit() || this.#active.some(({ handle }) => !handle.paused)
  }

  #dropCancelled(): void {
    this.#waiting.keep(({ handle }) => !handle.cancelled)
    for (const entry of this.#active.filter(({ handle }) => handle.cancelled)) this.#retire(entry)
  }

  #canAdmit(head = this.#waiting.next(this.#active)): boolean {
    if (!head || this.#active.length >= this.#limits.maxActive) return false
    if (this.#active.length === 0) return true
    const taken = this.#active.reduce((sum, { job }) => sum + cacheBytes(job), 0)
    return taken + cacheBytes(head.job) <= this.#limits.cacheBytes
  }

  #admit(): void {
    for (;;) {
      const head = this.#waiting.next(this.#active)
      if (!head || !this.#canAdmit(head)) return
      this.#waiting.remove(head)
      const { engine, promptIds, wantsPromptLogits } = head.job
      const sequence = engine.open(wantsPromptLogits === true ? [] : promptIds)
      const fed = sequence.length
      const startedAt = performance.now()
      this.#active.push({ ...head, sequence, startedAt, fed, next: null, answer: [] })
      head.job.begin?.(fed)
    }
  }

  /** Reads the next chunk of one prompt; prompts take turns, so a long one cannot hold up a short one. */
  async #prefillOne(): Promise<void> {
    const reading = this.#active.filter(({ next, handle }) => next === null && !handle.paused)
    const entry = reading[this.#turn++ % reading.length]
    if (!entry) return
    const { job, sequence, fed } = entry
    const chunk = job.promptIds.slice(fed, fed + CHUNK_TOKENS)
    const report = { kind: 'prefill', engine: job.engine, rows: 1, tokens: chunk.length } as const
    const rows = await this.#step([entry], report, async () =>
      job.wantsPromptLogits === true
        ? await job.engine.prefillAll(sequence, chunk)
        : [await job.engine.prefill(sequence, chunk)],
    )
    const logits = rows.at(-1)
    if (logits !== undefined && this.#tellPrompt(entry, rows)) {
      entry.fed += chunk.length
      if (entry.fed === job.promptIds.length) this.#accept(entry, logits)
    }
    for (const row of rows) job.engine.recycle?.(row)
  }

  /** @returns whether the job can go on */
  #tellPrompt(entry: Entry, rows: readonly Float32Array[]): boolean {
    if (entry.job.wantsPromptLogits !== true || entry.handle.cancelled) return true
    try {
      entry.job.acceptPrompt?.(entry.fed, rows)
      return true
    } catch (error) {
      this.#fail(entry, error)
      return false
    }
  }

  async #decodeAll(): Promise<void> {
    const answering = this.#active.filter(({ next, handle }) => next !== null && !handle.paused)
    for (const engine of new Set(answering.map(({ job }) => job.engine))) {
      const live = answering.filter(({ job, handle }) => job.engine === engine && !handle.cancelled)
      const steps = live.flatMap(({ sequence, next }): DecodeStep[] =>
        next === null ? [] : [{ sequence, token: next }],
      )
      if (steps.length === 0) continue
      const report = { kind: 'decode', engine, rows: steps.length, tokens: steps.length } as const
      const rows = await this.#step(live, report, () => engine.decode(steps))
      for (const [index, row] of rows.entries()) {
        const entry = live[index]
        if (entry !== undefined) this.#accept(entry, row)
        engine.recycle?.(row)
      }
    }
  }

  /**
   * Runs one call of an engine and gives its rows of logits; if it throws, the jobs in it fail and
   * the others go on.
   */
  async #step(
    entries: readonly Entry[],
    report: Omit<StepReport, 'seconds'>,
    call: () => Promise<readonly Float32Array[]>,
  ): Promise<readonly Float32Array[]> {
    const startedAt = performance.now()
    try {
      const rows = await this.#watch.time(call)
      this.#onStep({ ...report, seconds: (performance.now() - startedAt) / 1000 })
      return rows
    } catch (error) {
      for (const entry of entries) this.#fail(entry, error)
      return []
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
    if (entry.next !== null) {
      entry.answer.push(entry.next)
      return
    }
    this.#rereading.add(entry.job.engine, [...entry.job.promptIds, ...entry.answer])
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
