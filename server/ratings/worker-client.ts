import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import { failure } from '../../shared/errors.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import { FailureError } from '../http/failure.ts'
import { encodeVotes, type LoggedVote } from '../votes/logged-vote.ts'
import type { FromWorker, Question, ToWorker, WorkerSettings } from './worker-messages.ts'

/** Questions that wait at once: more are refused rather than kept waiting for minutes. */
const MAX_WAITING = 200
/** Questions that the worker has at once: one that it works on, and the next. */
const MAX_ASKED = 2
/** The same of those that are worked off in spare time, beside them. */
const MAX_ASKED_IN_SPARE_TIME = 1
/** How often a question is asked again that the worker did not survive. */
const MAX_TRIES = 2
/** How long an answer may take, reading a long log included, in milliseconds. */
const ANSWER_TIMEOUT_MS = 60_000
/** How long a worker that failed waits before the next one starts, doubled each time. */
const RESTART_MS = { first: 100, most: 10_000 }

type RatingWorkerDeps = {
  /** The program's file, by `ratingWorkerProgram`. */
  readonly program: string
  /** Read at each start. */
  readonly settings: () => WorkerSettings
  readonly log: Logger
  /** Something that was not asked for. */
  readonly onNews: (
    news: Extract<FromWorker, { kind: 'refined' | 'checkpoint' | 'information' }>,
  ) => void
}

/** A question, and up to which log position its answer must count. */
export type Put = { readonly question: Question; readonly position: number }

/** An answer's bytes and what names them. */
export type Answer = { readonly body: Uint8Array; readonly etag: string }

/** Who waits for whom: `spare` for everybody else, and nobody for it. */
export type Urgency = 'urgent' | 'patient' | 'spare'

type Asked = {
  readonly urgency: Urgency
  readonly put: () => Put
  readonly resolve: (answer: Answer) => void
  readonly reject: (cause: unknown) => void
  readonly timer: NodeJS.Timeout
  tries: number
}

/**
 * The arena's hand on its rating worker: the thread that holds the vote log in memory and computes
 * boards, so that sockets never wait for mathematics. A worker that dies is replaced by one that
 * reads the log anew; votes do not depend on it.
 */
export class RatingWorker {
  readonly #deps: RatingWorkerDeps
  readonly #queues: Readonly<Record<Urgency, Asked[]>> = { urgent: [], patient: [], spare: [] }
  readonly #asked = new Map<number, Asked>()
  #worker: Worker | undefined
  #names: readonly ModelRef[] = []
  #lastId = 0
  #restartMs = RESTART_MS.first
  #restartTimer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(deps: RatingWorkerDeps) {
    this.#deps = deps
  }

  /** Starts the thread; it reads the log by itself. */
  start(): void {
    const { program, settings, log, onNews } = this.#deps
    // Without the arena's own arguments of Node: what is loaded before it is not meant for a thread.
    const worker = new Worker(program, { workerData: settings(), name: 'ratings', execArgv: [] })
    this.#worker = worker
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'loaded':
          log.info(
            { votes: message.position, ms: message.ms },
            'the rating worker has read the log',
          )
          return
        case 'answer':
          this.#restartMs = RESTART_MS.first
          this.#finish(message.id)?.resolve(message)
          return
        case 'failed':
          log.error({ reason: message.reason }, 'a board could not be computed')
          this.#finish(message.id)?.reject(new FailureError(failure('internal')))
          return
        case 'trouble':
          log.error({ reason: message.reason }, `the rating worker failed at ${message.doing}`)
          return
        case 'refined':
        case 'checkpoint':
        case 'information':
          onNews(message)
      }
    })
    worker.on('error', (cause) => log.error({ err: cause }, 'the rating worker failed'))
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#onExit(code)
    })
    this.#send({ kind: 'names', refs: this.#names })
    this.#askOn()
  }

  /** Votes that were counted, in the order of the log. */
  count(votes: readonly LoggedVote[]): void {
    if (votes.length > 0) this.#send({ kind: 'votes', votes: encodeVotes(votes) })
  }

  /** Who the models on the boards are. */
  name(refs: readonly ModelRef[]): void {
    this.#names = refs
    this.#send({ kind: 'names', refs })
  }

  /**
   * Asks for a board, a matrix, the history or the versions of a model.
   *
   * @param put called when the worker gets the question, which may be later
   * @returns rejects with `unavailable` or `internal`
   */
  ask(put: () => Put, urgency: Urgency): Promise<Answer> {
    const queue = this.#queues[urgency]
    if (this.#stopped || queue.length >= MAX_WAITING) {
      return Promise.reject(new FailureError(failure('unavailable', 'Boards are busy right now.')))
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#forget(asked)
        reject(new FailureError(failure('unavailable', 'This board took too long.')))
      }, ANSWER_TIMEOUT_MS)
      const asked: Asked = { urgency, put, resolve, reject, timer, tries: 0 }
      queue.push(asked)
      this.#askOn()
    })
  }

  /** Ends the thread; what it has still been asked is refused. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#restartTimer)
    const waiting = Object.values(this.#queues).flat()
    for (const asked of [...this.#asked.values(), ...waiting]) {
      this.#refuse(asked)
    }
    const worker = this.#worker
    if (worker === undefined) return
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    // Between two pieces of work it ends by itself, and closes its database.
    this.#send({ kind: 'stop' })
    const impatience = setTimeout(() => void worker.terminate(), 1000)
    await exited
    clearTimeout(impatience)
  }

  #send(message: ToWorker): void {
    this.#worker?.postMessage(message)
  }

  #askOn(): void {
    while (this.#worker !== undefined) {
      const asked = this.#next()
      if (asked === undefined) return
      this.#lastId += 1
      asked.tries += 1
      this.#asked.set(this.#lastId, asked)
      this.#send({ kind: 'ask', id: this.#lastId, ...asked.put() })
    }
  }

  /** What the worker may be asked now; it is no longer waiting then. */
  #next(): Asked | undefined {
    const { urgent, patient, spare } = this.#queues
    let inSpareTime = 0
    for (const { urgency } of this.#asked.values()) if (urgency === 'spare') inSpareTime += 1
    const soon = this.#asked.size - inSpareTime < MAX_ASKED
    const asked = soon ? (urgent.shift() ?? patient.shift()) : undefined
    return asked ?? (inSpareTime < MAX_ASKED_IN_SPARE_TIME ? spare.shift() : undefined)
  }

  #finish(id: number): Asked | undefined {
    const asked = this.#asked.get(id)
    this.#asked.delete(id)
    if (asked !== undefined) clearTimeout(asked.timer)
    this.#askOn()
    return asked
  }

  #forget(asked: Asked): void {
    for (const queue of Object.values(this.#queues)) {
      const at = queue.indexOf(asked)
      if (at >= 0) queue.splice(at, 1)
    }
  }

  #refuse(asked: Asked): void {
    clearTimeout(asked.timer)
    asked.reject(new FailureError(failure('unavailable', 'Boards are being computed anew.')))
  }

  #onExit(code: number): void {
    this.#worker = undefined
    const interrupted = [...this.#asked.values()]
    this.#asked.clear()
    if (this.#stopped) return
    for (const asked of interrupted.toReversed()) {
      const queue = this.#queues[asked.urgency === 'spare' ? 'spare' : 'urgent']
      if (asked.tries < MAX_TRIES) queue.unshift(asked)
      else this.#refuse(asked)
    }
    this.#deps.log.error(
      { code, restartMs: this.#restartMs },
      'the rating worker ended; another one reads the log anew',
    )
    this.#restartTimer = setTimeout(() => this.start(), this.#restartMs)
    this.#restartMs = Math.min(2 * this.#restartMs, RESTART_MS.most)
  }
}
