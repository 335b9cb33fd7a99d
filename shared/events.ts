import type * as z from 'zod'
import type { AckCallback } from './ack.ts'
import type {
  BattleState,
  Delta,
  End,
  Receipt,
  commentSchema,
  continueSchema,
  reactSchema,
  resumeSchema,
  retrySchema,
  startSchema,
  stopSchema,
  voteSchema,
} from './schemas/battle.ts'
import type { Board, BoardUpdate, SliceInput } from './schemas/leaderboard.ts'

/** What a client may send, each with one object and an acknowledgement callback. */
export type ClientToServerEvents = {
  'battle:start': (
    payload: z.input<typeof startSchema>,
    ack: AckCallback<{ battleId: string; turn: number }>,
  ) => void
  'battle:continue': (
    payload: z.input<typeof continueSchema>,
    ack: AckCallback<{ battleId: string; turn: number }>,
  ) => void
  'battle:stop': (payload: z.input<typeof stopSchema>, ack: AckCallback<object>) => void
  'battle:retry': (payload: z.input<typeof retrySchema>, ack: AckCallback<{ turn: number }>) => void
  'battle:vote': (payload: z.input<typeof voteSchema>, ack: AckCallback<Receipt>) => void
  'battle:comment': (payload: z.input<typeof commentSchema>, ack: AckCallback<object>) => void
  'battle:react': (payload: z.input<typeof reactSchema>, ack: AckCallback<object>) => void
  'battle:resume': (
    payload: z.input<typeof resumeSchema>,
    ack: AckCallback<{ state: BattleState }>,
  ) => void
  'leaderboard:subscribe': (
    payload: { slice: SliceInput },
    ack: AckCallback<{ board: Board }>,
  ) => void
  'leaderboard:unsubscribe': (
    payload: { slice: SliceInput },
    ack: AckCallback<{ board: Board }>,
  ) => void
}

/** What the server sends unasked. */
export type ServerToClientEvents = {
  'battle:delta': (delta: Delta) => void
  'battle:end': (end: End) => void
  'leaderboard:update': (update: BoardUpdate) => void
}

export type ClientEventName = keyof ClientToServerEvents
