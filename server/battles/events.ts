import {
  commentSchema,
  continueSchema,
  reactSchema,
  resumeSchema,
  retrySchema,
  startSchema,
  stopSchema,
  voteSchema,
} from '../../shared/schemas/battle.ts'
import type { ClientEventName } from '../../shared/events.ts'
import { onEvent, type EventHandler } from '../realtime/dispatcher.ts'
import type { Votes } from '../votes/service.ts'
import type { Reader } from './audience.ts'
import type { Battles } from './service.ts'

/** Who acts, and how to tell them what comes of it. */
export type BattleContext = { readonly visitor: string; readonly reader: Reader }

type BattleEventName = Extract<ClientEventName, `battle:${string}`>

/** The edge of battles on the socket: payloads are checked here, and nowhere behind. */
export function battleEvents<Context extends BattleContext>(
  battles: Battles,
  votes: Votes,
): Record<BattleEventName, EventHandler<Context>> {
  return {
    'battle:start': onEvent('battle', startSchema, ({ visitor, reader }, payload) =>
      battles.start(visitor, payload, reader),
    ),
    'battle:continue': onEvent('battle', continueSchema, ({ visitor, reader }, payload) =>
      battles.next(visitor, payload, reader),
    ),
    'battle:stop': onEvent('other', stopSchema, ({ visitor, reader }, payload) =>
      battles.stop(visitor, payload, reader),
    ),
    'battle:retry': onEvent('battle', retrySchema, ({ visitor, reader }, payload) =>
      battles.retry(visitor, payload, reader),
    ),
    'battle:vote': onEvent('vote', voteSchema, ({ visitor }, payload) =>
      votes.vote(visitor, payload),
    ),
    'battle:comment': onEvent('other', commentSchema, ({ visitor }, payload) =>
      battles.comment(visitor, payload),
    ),
    'battle:react': onEvent('other', reactSchema, ({ visitor }, payload) =>
      battles.react(visitor, payload),
    ),
    'battle:resume': onEvent(
      'other',
      resumeSchema,
      ({ visitor, reader }, payload) => battles.resume(visitor, payload, reader),
      (_context, { battleId }) => battles.catchUp(battleId),
    ),
  }
}
