import { newTurn, type LiveBattle } from '../../../server/battles/live-battle.ts'
import { beginTurn } from '../../../server/battles/state.ts'

/** A battle in memory whose first question nobody has answered yet. */
export function newLiveBattle(): LiveBattle {
  return {
    id: 'battle',
    visitor: 'visitor',
    createdAt: 0,
    lastTurnAt: 0,
    state: beginTurn(1),
    contestants: { a: { slug: 'x', version: 1 }, b: { slug: 'y', version: 1 } },
    pairProbability: 1,
    language: 'und',
    category: 'uncategorized',
    turns: [newTurn('question')],
    vote: undefined,
    failedSlugs: [],
    running: {},
    unsaved: new Map(),
    restored: false,
    recording: undefined,
    touchedAt: 0,
  }
}
