import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Logger } from 'pino'
import { RATING_ENGINE, Standings } from '../../shared/ratings/standings.ts'
import type { ReceiptRatings } from '../../shared/schemas/battle.ts'
import type { VoteRepository, VoteRow } from '../votes/repository.ts'
import type { RatingsRepository } from './repository.ts'

/** Votes counted in one turn of the event loop, which sockets wait for. */
const BATCH = 100
/** Steps are written at most this often: what is lost with a crash is folded again from the log. */
const SAVE_INTERVAL_MS = 100
/** Effects that wait to be written before reading goes on, which bounds memory while catching up. */
const MAX_UNSAVED = 1000
/** How long a failed read or write waits before it is tried again. */
const RETRY_MS = 1000

type ProjectorDeps = {
  readonly votes: Pick<VoteRepository, 'readAfter' | 'lastPosition'>
  readonly ratings: RatingsRepository
  readonly log: Logger
  /** Told after votes were counted; without any when the fold was loaded anew. */
  onChange(votes: readonly VoteRow[]): void
}

/**
 * Follows the vote log and folds it into standings, one vote after the other. The log is the
 * truth: this is a projection that can be dropped and folded again to the same bits.
 */
export class Projector {
  readonly #deps: ProjectorDeps
  #standings = new Standings()
  #position = 0
  #savedPosition = 0
  #unsaved = new Map<number, ReceiptRatings>()
  #changed = new Set<string>()
  #waiting = new Map<number, (() => void)[]>()
  #reading: Promise<void> | undefined
  #wanted = 0
  #saveTimer: NodeJS.Timeout | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #saving: Promise<void> = Promise.resolve()
  #stopped = false
  #failing = false
  /** Changes whenever the fold is loaded anew: what was read before does not belong to it. */
  #fold = 0

  constructor(deps: ProjectorDeps) {
    this.#deps = deps
  }

  /** The present fold. Read it; only the projector writes it. */
  get standings(): Standings {
    return this.#standings
  }

  /** The last log position that is counted. */
  get position(): number {
    return this.#position
  }

  /** Whether everything that is known to be in the log is counted. */
  get state(): 'ok' | 'catching-up' | 'failing' {
    if (this.#failing) return 'failing'
    return this.#position < this.#wanted ? 'catching-up' : 'ok'
  }

  /** Takes up the stored projection, or begins anew if another engine made it. */
  async load(): Promise<void> {
    await this.#load()
  }

  /** Catches up with the log and follows it from now on. */
  async start(): Promise<void> {
    this.wake(await this.#deps.votes.lastPosition())
    await this.#reading
  }

  /**
   * The log has grown to this position.
   *
   * @param votes what it has grown by, if that is at hand: where it follows on what is counted it
   *   need not be read again
   */
  wake(position: number, votes: readonly VoteRow[] = []): void {
    this.#wanted = Math.max(this.#wanted, position)
    if (this.#stopped || this.#position >= this.#wanted) return
    if (this.#reading === undefined && this.#followsOn(votes)) {
      // What is left of many is read from the log, in turns of its own.
      this.#count(votes.slice(0, BATCH))
      this.#saveSoon()
    }
    if (this.#position < this.#wanted) this.#reading ??= this.#read()
  }

  /** What the vote at a position did, waiting for it at most so long; null if that passes. */
  async effectOf(position: number, timeoutMs: number): Promise<ReceiptRatings | null> {
    this.wake(position)
    if (this.#position < position) await this.#counted(position, timeoutMs)
    if (this.#position < position) return null
    const unsaved = this.#unsaved.get(position)
    if (unsaved !== undefined) return unsaved
    const text = await this.#deps.ratings.loadEffect(position)
    return text === undefined ? null : (JSON.parse(text) as ReceiptRatings)
  }

  /** Counts and writes everything, then stops. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#retryTimer)
    await this.#reading
    await this.save()
    // A rebuild beside us has moved what is stored: the rest is counted from there.
    if (this.#position < this.#wanted && !this.#failing) {
      await this.#read()
      await this.save()
    }
  }

  /** Writes what has been counted since the last time. */
  async save(): Promise<void> {
    clearTimeout(this.#saveTimer)
    this.#saveTimer = undefined
    this.#saving = this.#saving.then(() => this.#saveNow())
    await this.#saving
  }

  async #load(): Promise<void> {
    const { ratings, log } = this.#deps
    let { projection, standings } = await ratings.loadFold()
    if (projection?.engine !== RATING_ENGINE) {
      if (projection !== undefined) {
        const change = { from: projection.engine, to: RATING_ENGINE }
        log.warn(change, 'ratings are rebuilt by a new engine')
      }
      await ratings.reset(RATING_ENGINE)
      projection = undefined
      standings = new Standings()
    }
    // All at once: a batch that is being read meanwhile meets either fold, never half of each.
    this.#fold += 1
    this.#standings = standings
    this.#position = projection?.position ?? 0
    this.#savedPosition = this.#position
    this.#unsaved = new Map()
    this.#changed = new Set()
  }

  async #read(): Promise<void> {
    try {
      while (this.#position < this.#wanted) {
        await nextTurn()
        const fold = this.#fold
        const batch = await this.#deps.votes.readAfter(this.#position, BATCH)
        if (fold !== this.#fold) continue
        if (batch.length === 0) break
        this.#count(batch)
        if (this.#unsaved.size >= MAX_UNSAVED) await this.save()
      }
      this.#failing = false
    } catch (cause) {
      this.#failing = true
      this.#deps.log.error({ err: cause }, 'the vote log could not be read; trying again')
      this.#retryTimer = setTimeout(() => this.wake(this.#wanted), RETRY_MS)
    }
    this.#reading = undefined
    if (!this.#stopped && this.#unsaved.size > 0) this.#saveSoon()
  }

  #count(batch: readonly VoteRow[]): void {
    for (const vote of batch) {
      this.#unsaved.set(vote.position, this.#standings.apply(toRatedVote(vote)))
      this.#position = vote.position
      this.#changed.add(vote.slug_a)
      this.#changed.add(vote.slug_b)
      this.#tellCounted(vote.position)
    }
    this.#deps.onChange(batch)
  }

  /** Somebody may wait for this vote to be counted. */
  #tellCounted(position: number): void {
    for (const resolve of this.#waiting.get(position) ?? []) resolve()
    this.#waiting.delete(position)
  }

  /** Whether these are the very next votes of the log, and there is room for what they did. */
  #followsOn(votes: readonly VoteRow[]): boolean {
    return (
      votes.length > 0 &&
      votes.every((vote, index) => vote.position === this.#position + 1 + index) &&
      this.#unsaved.size < MAX_UNSAVED &&
      !this.#failing
    )
  }

  async #counted(position: number, timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs)
      this.#waiting.set(position, [...(this.#waiting.get(position) ?? []), resolve])
    })
    clearTimeout(timer)
  }

  #saveSoon(): void {
    this.#saveTimer ??= setTimeout(() => void this.save(), SAVE_INTERVAL_MS)
  }

  async #saveNow(): Promise<void> {
    if (this.#unsaved.size === 0) return
    const effects = [...this.#unsaved]
    const changed = this.#changed
    const position = this.#position
    this.#changed = new Set()
    try {
      const written = await this.#deps.ratings.advance(
        this.#savedPosition,
        { position, changed: [...changed], standings: this.#standings },
        effects,
      )
      if (!written) {
        // A rebuild has run beside us. It folds the same log to the same bits: go on from there.
        this.#deps.log.warn('the stored ratings were moved by another process; loading them again')
        await this.#load()
        for (const waiting of this.#waiting.keys()) {
          if (waiting <= this.#position) this.#tellCounted(waiting)
        }
        this.#deps.onChange([])
        this.wake(position)
        return
      }
      this.#savedPosition = position
      for (const [at] of effects) this.#unsaved.delete(at)
    } catch (cause) {
      this.#deps.log.error({ err: cause }, 'the ratings could not be written; trying again')
      for (const slug of changed) this.#changed.add(slug)
      if (!this.#stopped) this.#saveTimer ??= setTimeout(() => void this.save(), RETRY_MS)
    }
  }
}

/** What the fold needs of a row of the log. */
export function toRatedVote(vote: VoteRow) {
  const { accuracy, helpfulness, language } = vote
  return {
    slugA: vote.slug_a,
    slugB: vote.slug_b,
    verdicts: { accuracy, helpfulness, language },
  }
}
