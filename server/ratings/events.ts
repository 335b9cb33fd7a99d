import type { ClientEventName } from '../../shared/events.ts'
import { failure } from '../../shared/errors.ts'
import { err, ok } from '../../shared/result.ts'
import { subscribeSchema } from '../../shared/schemas/leaderboard.ts'
import { onEvent, type EventHandler } from '../realtime/dispatcher.ts'
import type { Publisher } from './publisher.ts'

/** Who follows boards. */
export type FollowerContext = { join(room: string): void; leave(room: string): void }

/** The edge of boards on the socket. */
export function leaderboardEvents<Context extends FollowerContext>(
  publisher: Publisher,
): Record<Extract<ClientEventName, `leaderboard:${string}`>, EventHandler<Context>> {
  return {
    'leaderboard:subscribe': onEvent('other', subscribeSchema, async (context, { slice }) => {
      const followed = publisher.follow(slice)
      if (followed === undefined) {
        return err(failure('unavailable', 'Too many different boards are followed right now.'))
      }
      context.join(followed.room)
      return ok({ board: followed.board })
    }),
    'leaderboard:unsubscribe': onEvent('other', subscribeSchema, async (context, { slice }) => {
      context.leave(publisher.roomOf(slice))
      return ok({ board: publisher.boardOf(slice) })
    }),
  }
}
