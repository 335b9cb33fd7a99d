import type { NewVote, VoteRepository, VoteRow } from './repository.ts'

/** Votes that share one commit at most: larger batches gain nothing and hold the loop longer. */
const MAX_BATCH = 500

/** What became of a vote: its position in the log, or the battle had one of this voter already. */
export type Appended = { position: number } | 'duplicate'

type Waiting = {
  vote: NewVote
  readonly resolve: (appended: Appended) => void
  readonly reject: (cause: unknown) => void
}

/** Told after each commit: the last position, and the votes that got theirs, in order. */
type OnAppended = (last: number, votes: readonly VoteRow[]) => void

/**
 * Group commit: all votes that arrive in one turn of the event loop share one transaction and so
 * one sync to disk. A vote's promise resolves only when it is durable.
 */
export class VoteLog {
  readonly #repository: Pick<VoteRepository, 'append'>
  readonly #onAppended: OnAppended
  #waiting: Waiting[] = []
  #flushing: Promise<void> | undefined

  constructor(repository: Pick<VoteRepository, 'append'>, onAppended: OnAppended) {
    this.#repository = repository
    this.#onAppended = onAppended
  }

  /** Appends a vote; resolves when it is durable, rejects if it could not be written. */
  append(vote: NewVote): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ vote, resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  /** Resolves when everything given so far is written or refused. */
  async drained(): Promise<void> {
    await this.#flushing
  }

  async #flush(): Promise<void> {
    // The check phase comes after all sockets that were readable have been read: their votes
    // share this batch.
    await new Promise<void>((resolve) => void setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH)
      try {
        const positions = await this.#repository.append(batch.map(({ vote }) => vote))
        const rows: VoteRow[] = []
        for (const { vote, resolve } of batch) {
          const position = positions.get(vote.id)
          resolve(position === undefined ? 'duplicate' : { position })
          if (position !== undefined) rows.push({ position, ...vote })
        }
        const last = rows.at(-1)
        if (last !== undefined) this.#onAppended(last.position, rows)
      } catch (cause) {
        for (const { reject } of batch) reject(cause)
      }
    }
    this.#flushing = undefined
  }
}
