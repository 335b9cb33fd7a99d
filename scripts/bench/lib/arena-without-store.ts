import { Projector, toRatedVote } from '../../../server/ratings/projector.ts'
import { VoteLog } from '../../../server/votes/vote-log.ts'
import { Standings } from '../../../shared/ratings/standings.ts'
import type { ReceiptRatings } from '../../../shared/schemas/battle.ts'

// The arena with its store of votes switched off: sockets, validation, battles and receipts are
// the same, but a vote is acknowledged at once, from memory. No setting does this; it is made here,
// by putting other methods in the place of two, in this process only.

const standings = new Standings()
const effects = new Map<number, ReceiptRatings>()
let position = 0

VoteLog.prototype.append = (vote) => {
  position += 1
  effects.set(position, standings.apply(toRatedVote({ ...vote, position })))
  return Promise.resolve({ position })
}

Projector.prototype.effectOf = (at) => {
  const effect = effects.get(at) ?? null
  effects.delete(at)
  return Promise.resolve(effect)
}

await import('../../../server/main.ts')
