import { BOARD_DIMENSIONS } from '../../shared/dimensions.ts'
import type { VoteRepository } from '../votes/repository.ts'
import { RatingEngine } from './engine.ts'
import type { Checkpoint, HistoryEntry, Moment } from './history.ts'

const BATCH = 5000

/**
 * Replays the log from its beginning and says where everybody stood at some moments: the same bits
 * as were computed when they passed. Gives nothing after each board, so that others have their turn.
 *
 * @param moments in the order of the log
 * @param now monotonic milliseconds
 */
export async function* replayHistory(
  votes: Pick<VoteRepository, 'readForRating'>,
  moments: readonly Moment[],
  now: () => number,
): AsyncGenerator<Checkpoint | undefined, void> {
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
    const entries: HistoryEntry[] = []
    for (const dimension of BOARD_DIMENSIONS) {
      entries.push(...engine.standing(dimension))
      yield undefined
    }
    yield { ...moment, entries }
  }
}
