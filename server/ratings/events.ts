import type { ClientEventName } from '../../shared/events.ts'
import { failure } from '../../shared/errors.ts'
import { err, ok } from '../../shared/result.ts'
import { subscribeSchema } from '../../shared/schemas/leaderboard.ts'
import { FailureError } from '../http/failure.ts'
import { onEvent, type EventHandler } from '../realtime/dispatcher.ts'
import type { Publisher } from './publisher.ts'

/** Who follows boards. */
export type FollowerContext = {
  join(room: string): void
  leave(room: string): void
  rooms(): ReadonlySet<string>
}

/** Boards that one connection may follow: each costs a board per push. */
const MAX_FOLLOWED_BY_ONE = 16

/** The edge of boards on the socket. */
export function leaderboardEvents<Context extends FollowerContext>(
  publisher: Publisher,
): Record<Extract<ClientEventName, `leaderboard:${string}`>, EventHandler<Context>> {
  return {
    'leaderboard:subscribe': onEvent('other', subscribeSchema, async (context, { slice }) => {
      // Its own room is not a board.
      const follows = context.rooms().size - 1
      if (follows >= MAX_FOLLOWED_BY_ONE && !context.rooms().has(publisher.roomOf(slice))) {
        return err(failure('rate_limited', 'This connection follows too many boards at once.'))
      }
      // Joined before the board is there, so that no push falls between the two.
      const room = publisher.roomOf(slice)
      const already = context.rooms().has(room)
      context.join(room)
      try {
        const board = await publisher.follow(slice)
        if (board !== undefined) return ok({ board })
        if (!already) context.leave(room)
        return err(failure('unavailable', 'Too many different boards are followed right now.'))
      } catch (cause) {
        if (!already) context.leave(room)
        if (cause instanceof FailureError) return err(cause.failure)
        throw cause
      }
    }),
    'leaderboard:unsubscribe': onEvent('other', subscribeSchema, async (context, { slice }) => {
      context.leave(publisher.roomOf(slice))
      return ok({ board: await publisher.boardOf(slice) })
    }),
  }
}
