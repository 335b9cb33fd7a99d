import type { BattleView } from '../../shared/schemas/battle.ts'
import { SIDES, type PerSide, type Side, type Verdicts } from '../../shared/verdicts.ts'
import type { AnswerEnd } from '../../shared/schemas/battle.ts'
import type { Connection, RequestError } from '../arena/connection.ts'
import type { Fetched } from '../arena/http.ts'
import { reduceBattle, startedBattle, unknownBattle, type BattleAction } from './reducer.ts'
import { confirmedTurn, currentTurn, isBehind, type BattleState } from './state.ts'

/** What an act of the visitor came to. */
export type ActResult = { ok: true } | { ok: false; error: RequestError }

/** What a session shows. */
export type SessionSnapshot = {
  readonly battle: BattleState
  /** Whether missed deltas are being fetched. */
  readonly resuming: boolean
  /** Why the battle could not be read, if it could not. */
  readonly loadError: RequestError | null
}

/** One battle on this page: its state, and what a visitor can do to it. */
export type BattleSession = {
  /** What is held now; the same object until something changes. */
  readonly snapshot: () => SessionSnapshot
  readonly subscribe: (listener: () => void) => () => void
  readonly load: () => Promise<void>
  readonly follow: (prompt: string) => Promise<ActResult>
  readonly stop: (side?: Side) => Promise<ActResult>
  readonly retry: (side: Side, replace: boolean) => Promise<ActResult>
  readonly vote: (verdicts: Verdicts) => Promise<ActResult>
  readonly comment: (comment: string) => Promise<ActResult>
  readonly close: () => void
}

/** What a session needs of the outside: the socket, one HTTP read, a timer. */
export type SessionDeps = {
  readonly connection: Pick<Connection, 'request' | 'insist' | 'on' | 'onOnline'>
  readonly fetchBattle: (id: string) => Promise<Fetched<BattleView>>
  readonly later: (ms: number, run: () => void) => void
}

/** Between two resumes for the same gap: time enough for a replay that is on its way. */
const RESUME_PAUSE_MS = 700
/** A battle that says nothing for so long may be running on another connection: ask. */
const SILENCE_MS = 2500
/** Ratings that the receipt did not carry yet are asked for at this pace, this often. */
const RATINGS_PAUSE_MS = 2000
const RATINGS_TRIES = 30

/** Opens a session on a battle: just started (with its prompt), or known by id alone. */
export function openSession(deps: SessionDeps, battleId: string, prompt?: string): BattleSession {
  let state = prompt === undefined ? unknownBattle(battleId) : startedBattle(battleId, prompt)
  let loadError: RequestError | null = null
  let resuming = false
  // A connection that came back while a resume was still out: that one may never be answered.
  let resumeAgain = false
  let closed = false
  let snapshot: SessionSnapshot = { battle: state, resuming, loadError }
  const listeners = new Set<() => void>()
  const notify = () => {
    snapshot = { battle: state, resuming, loadError }
    for (const listener of listeners) listener()
  }
  const dispatch = (action: BattleAction) => {
    const next = reduceBattle(state, action)
    if (next === state) return
    state = next
    notify()
    if (isBehind(state)) void resume()
  }

  /** Asks for everything after what is held. One at a time; asks again while something is missing. */
  async function resume(): Promise<void> {
    const turn = confirmedTurn(state)
    if (resuming || closed || turn === undefined) return
    resuming = true
    resumeAgain = false
    notify()
    const from = { a: turn.sides.a.seq, b: turn.sides.b.seq }
    const outcome = await deps.connection.request('battle:resume', {
      battleId,
      turn: turn.turn,
      from,
    })
    if (outcome.ok) {
      if (outcome.state.turn > turn.turn) await catchUpTurns(outcome.state.turn)
      else {
        dispatch({ type: 'resumed', state: outcome.state })
        // A follow-up that never reached the arena is not part of the battle.
        if (currentTurn(state)?.confirmed === false && lostAsk) dispatch({ type: 'ask-failed' })
      }
    } else if (outcome.error.code === 'invalid_input') {
      // The arena lost frames that this page holds (it was restarted): what it has is what counts.
      dispatch({ type: 'forgotten' })
      await load()
    }
    deps.later(RESUME_PAUSE_MS, () => {
      resuming = false
      notify()
      const later = outcome.ok && outcome.state.turn > turn.turn
      if (resumeAgain || later || isBehind(state)) void resume()
    })
  }

  /** The arena is in a later turn than this page: ours whose acknowledgement was lost, or a tab's. */
  async function catchUpTurns(turn: number): Promise<void> {
    if (currentTurn(state)?.turn === turn) dispatch({ type: 'ask-confirmed' })
    else await load()
  }

  async function load(): Promise<void> {
    const fetched = await deps.fetchBattle(battleId)
    if (closed) return
    loadError = fetched.ok ? null : fetched.error
    if (fetched.ok) dispatch({ type: 'restored', view: fetched.value })
    notify()
    if (!fetched.ok) return
    if (fetched.value.phase === 'streaming' || fetched.value.phase === 'answered') void resume()
    if (state.outcome?.ratings === null) awaitRatings(RATINGS_TRIES)
  }

  function awaitRatings(tries: number): void {
    const ask = async () => {
      if (closed || tries <= 0 || state.outcome?.ratings !== null) return
      const fetched = await deps.fetchBattle(battleId)
      const ratings = fetched.ok ? (fetched.value.ratings ?? null) : null
      if (ratings === null) awaitRatings(tries - 1)
      else dispatch({ type: 'rated', ratings })
    }
    deps.later(RATINGS_PAUSE_MS, () => void ask())
  }

  /** What the models thought is told with the battle, not with the receipt. */
  async function revealReasoning(): Promise<void> {
    const fetched = await deps.fetchBattle(battleId)
    if (!closed && fetched.ok) dispatch({ type: 'reasoned', view: fetched.value })
  }

  let lostAsk = false
  const unsubscribes = [
    deps.connection.on('battle:delta', (delta) => dispatch({ type: 'delta', delta })),
    deps.connection.on('battle:end', (end) => dispatch({ type: 'end', end })),
    deps.connection.onOnline(() => {
      if (state.turns.length === 0) void load()
      else if (state.outcome === null && !state.expired) {
        resumeAgain = true
        void resume()
      }
    }),
  ]

  if (prompt !== undefined) {
    deps.later(SILENCE_MS, () => {
      const sides = currentTurn(state)?.sides
      if (sides?.a.seq === 0 && sides.b.seq === 0) void resume()
    })
  }

  return {
    snapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    load,
    async follow(prompt) {
      lostAsk = false
      dispatch({ type: 'asked', prompt })
      const outcome = await deps.connection.request(
        'battle:continue',
        { battleId, prompt },
        (ack) => dispatch({ type: ack.ok ? 'ask-confirmed' : 'ask-failed' }),
      )
      if (!outcome.ok && outcome.error.code === 'connection_lost') {
        // Not idempotent: the resume will tell whether the arena has it.
        lostAsk = true
        void resume()
      }
      return outcome
    },
    stop: (side) =>
      deps.connection.request(
        'battle:stop',
        side === undefined ? { battleId } : { battleId, side },
      ),
    async retry(side, replace) {
      const ends = endsOf(state)
      dispatch({ type: 'retrying', sides: [side] })
      const outcome = await deps.connection.request('battle:retry', {
        battleId,
        side,
        ...(replace ? { replace } : {}),
      })
      if (!outcome.ok) dispatch({ type: 'retry-failed', ends })
      return outcome
    },
    async vote(verdicts) {
      const outcome = await deps.connection.insist('battle:vote', { battleId, verdicts })
      if (outcome.ok) {
        const { reveal, ratings } = outcome
        dispatch({ type: 'voted', outcome: { verdicts, reveal, ratings } })
        if (ratings === null) awaitRatings(RATINGS_TRIES)
        void revealReasoning()
      } else if (outcome.error.code === 'already_voted') await load()
      else if (outcome.error.code === 'battle_closed') dispatch({ type: 'expired' })
      return outcome
    },
    comment: (comment) => deps.connection.insist('battle:comment', { battleId, comment }),
    close() {
      closed = true
      for (const unsubscribe of unsubscribes) unsubscribe()
    },
  }
}

function endsOf(state: BattleState): Partial<PerSide<AnswerEnd>> {
  const sides = currentTurn(state)?.sides
  const ends: Partial<PerSide<AnswerEnd>> = {}
  for (const side of SIDES) {
    const end = sides?.[side].end
    if (end !== null && end !== undefined) ends[side] = end
  }
  return ends
}
