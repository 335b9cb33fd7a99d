import type { HistoryPoint, HistoryQuery } from '../../shared/schemas/leaderboard.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { VoteRepository } from '../votes/repository.ts'
import { boardToCsv, pairsToCsv } from './board-csv.ts'
import { toBoard, toPairs } from './board-view.ts'
import { dropOldest } from './counted-slices.ts'
import { BOARD_ENGINE, RatingEngine } from './engine.ts'
import type { RatedVersions, VersionFit, VersionWork } from './version-fits.ts'
import { keptMoments, thinned, type Checkpoint, type Moment } from './history.ts'
import { replayHistory } from './history-replay.ts'
import type { HistoryRepository, StoredEntry } from './history-repository.ts'
import type { LoggedVote } from '../votes/logged-vote.ts'
import type { FromWorker, Stamp, VersionsWish, Wish } from './worker-messages.ts'

/** Votes read from the log at once. */
const READ_BATCH = 5000
/** Moments of one answer at most: a line on a screen shows no more. */
const MAX_MOMENTS = 400
/** How often the matchmaker is told at most what a vote on each pair would tell. */
const INFORM_EVERY_MS = 2000
/** Of the worker's time, telling it takes no more than one part in so many. */
const INFORM_SHARE = 20

/**
 * So long the past of versions is looked into once it is known how they stand now, before whoever asks
 * gets what is known; the rest is made up for meanwhile.
 */
const VERSIONS_MS = 2000
/** Models of whose versions the past is made up for with nobody waiting. */
const MAX_UNFINISHED = 16

/** What is worked off in spare time, and who waits for it. */
type Job = {
  readonly slug: string
  readonly work: VersionWork
  /** The last vote that it counts. */
  readonly position: number
  /** When it has taken long enough; set once there is something to tell. */
  until?: number
  readonly resolve: (answer: Uint8Array) => void
  readonly reject: (cause: unknown) => void
}

type RatingDeskDeps = {
  readonly votes: Pick<VoteRepository, 'readForRating'>
  readonly history: Pick<HistoryRepository, 'load' | 'loadMoments'>
  /** The position up to which history is stored. */
  readonly historyPosition: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly tell: (message: FromWorker) => void
}

/**
 * What the rating worker does, without its thread: counts votes, answers questions, and works off in
 * spare time what nobody waits for.
 */
export class RatingDesk {
  readonly #deps: RatingDeskDeps
  readonly #engine: RatingEngine
  #refs = new Map<string, ModelRef>()
  /** Checkpoints that have been told but may not be stored yet. */
  #told: Checkpoint[] = []
  /** Moments from before this start whose standing is not stored; told before newer ones. */
  #missing: AsyncGenerator<Checkpoint | undefined, void> | undefined
  #waiting: Checkpoint[] = []
  #history: 'kept' | 'stopped' = 'kept'
  readonly #jobs: Job[] = []
  readonly #unfinished = new Map<string, Pick<Job, 'work' | 'position'>>()
  /** The votes that the matchmaker was told of last, and when it may be told again. */
  #informed = { position: 0, next: 0 }

  constructor(deps: RatingDeskDeps) {
    this.#deps = deps
    this.#engine = new RatingEngine(deps.now)
  }

  /** Reads the whole log. */
  async load(): Promise<void> {
    const { now, tell, votes, historyPosition } = this.#deps
    const started = now()
    const moments: Moment[] = []
    await this.#read(Number.POSITIVE_INFINITY, (moment) => moments.push(moment))
    const missing = keptMoments(moments).filter(({ position }) => position > historyPosition)
    if (missing.length > 0) this.#missing = replayHistory(votes, missing, now)
    tell({ kind: 'loaded', position: this.#engine.position, ms: now() - started })
  }

  /** Who the models are. */
  name(refs: readonly ModelRef[]): void {
    this.#refs = new Map(refs.map((ref) => [ref.slug, ref]))
  }

  /** Counts votes of the log; what lies between them and those counted is read. */
  async count(votes: readonly LoggedVote[]): Promise<void> {
    this.#engine.markTime()
    for (const vote of votes) {
      if (vote.position <= this.#engine.position) continue
      if (vote.position > this.#engine.position + 1) await this.#readTo(vote.position)
      else this.#engine.count(vote, (moment) => this.#onMoment(moment))
    }
  }

  /** Answers a question with every vote up to a position, and maybe later ones, counted. */
  async answer(
    { wish, stamp }: { readonly wish: Exclude<Wish, VersionsWish>; readonly stamp: Stamp },
    position: number,
  ): Promise<Uint8Array> {
    await this.#readTo(position)
    if (wish.what === 'history') return encode(await this.#historyOf(wish.query, stamp))
    const { slice, format } = wish
    const rated = this.#engine.rate(slice, stamp.version)
    const refOf = (slug: string) => this.#refOf(slug)
    if (wish.what === 'board') {
      const board = toBoard(rated, slice, stamp, BOARD_ENGINE, refOf)
      return format === 'csv' ? new TextEncoder().encode(boardToCsv(board)) : encode(board)
    }
    const counts = this.#engine.countsOf(slice)
    const pairs = toPairs(rated, this.#engine.table, counts, slice, stamp, refOf)
    return format === 'csv' ? new TextEncoder().encode(pairsToCsv(pairs)) : encode(pairs)
  }

  /**
   * Takes a question that is answered piece by piece in spare time, with every vote up to a position
   * counted. @returns once it is taken; its answer comes later
   */
  async take({ slug }: VersionsWish, position: number): Promise<{ answer: Promise<Uint8Array> }> {
    await this.#readTo(position)
    const now = this.#engine.position
    const begun = this.#unfinished.get(slug)
    this.#unfinished.delete(slug)
    // After a vote it begins anew, but what it has found of the past is remembered.
    const work = begun?.position === now ? begun.work : this.#engine.versions(slug)
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      this.#jobs.push({ slug, work, position: now, resolve, reject })
    })
    return { answer }
  }

  /** One piece of work that may wait. @returns whether there may be more right now */
  async spareTime(): Promise<boolean> {
    if (this.#engine.refineIn() === 0) this.#refine()
    else if (this.#informIn() === 0) this.#inform()
    else if (this.#jobs.length > 0) this.#workOff()
    else if (this.#missing !== undefined) await this.#catchUpOnHistory(this.#missing)
    else if (this.#unfinished.size > 0) this.#goOn()
    else return false
    return true
  }

  /** In how many milliseconds there will be work without a message; undefined: never. */
  busyIn(): number | undefined {
    const refine = this.#engine.refineIn()
    const inform = this.#informIn()
    if (refine === undefined || inform === undefined) return refine ?? inform
    return Math.min(refine, inform)
  }

  #informIn(): number | undefined {
    const { position, next } = this.#informed
    return position === this.#engine.position ? undefined : this.#until(next)
  }

  #until(moment: number): number {
    return Math.max(0, Math.ceil(moment - this.#deps.now()))
  }

  #refine(): void {
    try {
      this.#engine.refine()
    } catch (cause) {
      this.#tellTrouble('refining intervals', cause)
    }
    if (this.#engine.refineIn() !== 0) this.#deps.tell({ kind: 'refined' })
  }

  #inform(): void {
    const { now, tell } = this.#deps
    const started = now()
    const { position } = this.#engine
    try {
      tell({ kind: 'information', ...this.#engine.information() })
    } catch (cause) {
      this.#tellTrouble('telling what votes would tell', cause)
    }
    const pause = Math.max(INFORM_EVERY_MS, INFORM_SHARE * (now() - started))
    this.#informed = { position, next: now() + pause }
  }

  #workOff(): void {
    const job = this.#jobs[0]
    if (job === undefined) return
    const answer = (complete: boolean, versions: readonly VersionFit[]) =>
      job.resolve(encode({ complete, versions } satisfies RatedVersions))
    try {
      const { value, done } = job.work.next()
      if (done === true) answer(true, value)
      else if (value === undefined) return
      else {
        const now = this.#deps.now()
        job.until ??= now + VERSIONS_MS
        if (now < job.until) return
        answer(false, value())
        this.#unfinished.set(job.slug, job)
        dropOldest(this.#unfinished, MAX_UNFINISHED)
      }
    } catch (cause) {
      job.reject(cause)
    }
    this.#jobs.shift()
  }

  /** Makes up for the past of somebody's versions: it is remembered for whoever asks next. */
  #goOn(): void {
    for (const [slug, { work }] of this.#unfinished) {
      try {
        if (work.next().done === true) this.#unfinished.delete(slug)
      } catch (cause) {
        this.#unfinished.delete(slug)
        this.#tellTrouble('the history of versions', cause)
      }
      return
    }
  }

  async #catchUpOnHistory(missing: AsyncGenerator<Checkpoint | undefined, void>): Promise<void> {
    try {
      const { value, done } = await missing.next()
      if (done !== true) {
        if (value !== undefined) this.#tellCheckpoint(value)
        return
      }
      this.#missing = undefined
      for (const checkpoint of this.#waiting.splice(0)) this.#tellCheckpoint(checkpoint)
    } catch (cause) {
      this.#stopHistory(cause)
    }
  }

  /** A gap would never be filled: what is missing from here on is computed at the next start. */
  #stopHistory(cause: unknown): void {
    this.#tellTrouble('the history', cause)
    this.#missing = undefined
    this.#waiting = []
    this.#history = 'stopped'
  }

  #tellTrouble(doing: string, cause: unknown): void {
    this.#deps.tell({ kind: 'trouble', doing, reason: reasonOf(cause) })
  }

  async #readTo(position: number): Promise<void> {
    if (position <= this.#engine.position) return
    this.#engine.markTime()
    await this.#read(position, (moment) => this.#onMoment(moment))
  }

  async #read(until: number, onMoment: (moment: Moment) => void): Promise<void> {
    while (this.#engine.position < until) {
      const batch = await this.#deps.votes.readForRating(this.#engine.position, READ_BATCH)
      for (const vote of batch) this.#engine.count(vote, onMoment)
      if (batch.length < READ_BATCH) return
    }
  }

  #onMoment(moment: Moment): void {
    if (this.#history === 'stopped') return
    try {
      const checkpoint = this.#engine.checkpoint(moment)
      if (this.#missing === undefined) this.#tellCheckpoint(checkpoint)
      else this.#waiting.push(checkpoint)
    } catch (cause) {
      this.#stopHistory(cause)
    }
  }

  #tellCheckpoint(checkpoint: Checkpoint): void {
    this.#told.push(checkpoint)
    this.#deps.tell({ kind: 'checkpoint', checkpoint })
  }

  #refOf(slug: string): ModelRef {
    return this.#refs.get(slug) ?? { slug, name: slug, organization: '', license: '' }
  }

  async #historyOf(query: HistoryQuery, stamp: Stamp): Promise<{ points: HistoryPoint[] }> {
    const { dimension, model, from = -Infinity, to = Infinity } = query
    const within = ({ at }: { at: number }) => at >= from && at < to
    const stored = await this.#deps.history.loadMoments()
    // What the arena has stored by now need not be remembered here.
    const last = stored.at(-1)?.position ?? 0
    this.#told = this.#told.filter(({ position }) => position > last)
    const past: Moment[] = keptMoments([...stored, ...this.#told])
    const moments = thinned(past.filter(within), MAX_MOMENTS)
    const entries: StoredEntry[] = await this.#deps.history.load(dimension, moments, model)
    const wanted = new Set(moments.map(({ position }) => position))
    for (const { position, at, entries: all } of this.#told) {
      if (!wanted.has(position)) continue
      const told = all.filter(
        (entry) => entry.dimension === dimension && (model === undefined || entry.slug === model),
      )
      entries.push(...told.map((entry) => ({ ...entry, position, at })))
    }
    const points = entries.map(toPoint)
    const { latest, position } = this.#engine
    if (latest === undefined || !within({ at: latest })) return { points }
    for (const entry of this.#engine.present(dimension, stamp.version)) {
      if (model !== undefined && entry.slug !== model) continue
      points.push(toPoint({ ...entry, position, at: latest }))
    }
    return { points }
  }
}

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** A failure in words for a log. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
}

function toPoint({ at, slug, rating, ciLow, ciHigh, elo, votes }: StoredEntry): HistoryPoint {
  return { at: new Date(at).toISOString(), model: slug, rating, ciLow, ciHigh, elo, votes }
}
