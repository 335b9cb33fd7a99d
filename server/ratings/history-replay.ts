import type { VoteRepository } from '../votes/repository.ts'
import { RatingEngine } from './engine.ts'
import type { Checkpoint, Moment } from './history.ts'

const BATCH = 5000

/**
 * Replays the log from its beginning and says where everybody stood at some moments: the same bits
 * as were computed when they passed.
 *
 * @param moments in the order of the log
 * @param now monotonic milliseconds
 */
export async function* replayHistory(
  votes: Pick<VoteRepository, 'readForRating'>,
  moments: readonly Moment[],
  now: () => number,
): AsyncGenerator<Checkpoint, void> {
  const engine = new RatingEngine(now)
  for (const moment of moments) {
    while (engine.position < moment.position) {
      const room = Math.min(BATCH, moment.position - engine.position)
      const batch = await votes.readForRating(engine.position, room)
      for (const vote of batch) {
        if (vote.position <= moment.position) engine.count(vote)
      }
      if (batch.length < room) break
    }
    yield engine.checkpoint(moment)
  }
}
