import { createBoards, type Boards } from '../../../server/ratings/boards.ts'
import type { LoggedVote } from '../../../server/votes/logged-vote.ts'
import { RatingDesk } from '../../../server/ratings/worker-desk.ts'
import type { FromWorker } from '../../../server/ratings/worker-messages.ts'

/** Boards as the arena has them, computed in this thread from votes in memory. */
export type InProcessBoards = {
  readonly boards: Boards
  readonly desk: RatingDesk
  /** What the desk has said without being asked. */
  readonly news: FromWorker[]
  /** Questions that were put. */
  readonly asked: number
  /** Adds a vote to the log; the boards are told. */
  readonly vote: (vote: Partial<LoggedVote>) => void
}

/** @param now epoch milliseconds under which boards are given out */
export function boardsInProcess(now: () => number = () => 0): InProcessBoards {
  const log: LoggedVote[] = []
  const news: FromWorker[] = []
  const desk = new RatingDesk({
    votes: {
      readForRating: (position, limit) =>
        Promise.resolve(log.slice(position, position + limit) as never),
    },
    history: { load: () => Promise.resolve([]), loadMoments: () => Promise.resolve([]) },
    historyPosition: 0,
    now: () => 0,
    tell: (message) => void news.push(message),
  })
  let version = 1
  let asked = 0
  const boards = createBoards({
    async ask(put) {
      const { question, position } = put()
      asked += 1
      const { wish, stamp } = question
      if (wish.what !== 'versions') {
        return { body: await desk.answer({ wish, stamp }, position), etag: `"${asked}"` }
      }
      const { answer } = await desk.take(wish, position)
      while (await desk.spareTime());
      return { body: await answer, etag: `"${asked}"` }
    },
    position: () => log.length,
    versions: {
      get current() {
        return version
      },
      next: () => (version += 1),
    },
    now,
  })
  return {
    boards,
    desk,
    news,
    get asked() {
      return asked
    },
    vote: (vote) => {
      const position = log.length + 1
      log.push({
        ...VOTE,
        voter: `voter-${position}`,
        battle_id: `battle-${position}`,
        position,
        ...vote,
      })
      boards.invalidate()
    },
  }
}

const VOTE: Omit<LoggedVote, 'position' | 'voter' | 'battle_id'> = {
  slug_a: 'x',
  slug_b: 'y',
  accuracy: 'a',
  helpfulness: 'skip',
  language: 'tie',
  judge: 'human',
  prompt_language: 'en',
  category: 'other',
  turns: 1,
  style: null,
  created_at: 0,
  version_a: 1,
  version_b: 1,
}
