import type {
  AnswerEnd,
  BattleState as WireState,
  BattleView,
  Delta,
  DeltaSide,
  End,
  ReceiptRatings,
} from '../../shared/schemas/battle.ts'
import { SIDES, type PerSide, type Side } from '../../shared/verdicts.ts'
import {
  emptyTurn,
  previewedSide,
  type BattleState,
  type Outcome,
  type SideState,
  type TurnState,
} from './state.ts'

/** Everything that can happen to a battle on this page. */
export type BattleAction =
  | { type: 'restored'; view: BattleView }
  | { type: 'forgotten' }
  | { type: 'asked'; prompt: string }
  | { type: 'ask-confirmed' }
  | { type: 'ask-failed' }
  | { type: 'delta'; delta: Delta }
  | { type: 'end'; end: End }
  | { type: 'resumed'; state: WireState }
  | { type: 'retrying'; sides: readonly Side[] }
  | { type: 'retry-failed'; ends: Partial<PerSide<AnswerEnd>> }
  | { type: 'voted'; outcome: Outcome }
  | { type: 'rated'; ratings: ReceiptRatings }
  | { type: 'reasoned'; view: BattleView }
  | { type: 'expired' }

/** A battle that the arena has just acknowledged. */
export function startedBattle(battleId: string, prompt: string): BattleState {
  return { battleId, turns: [emptyTurn(1, prompt, true)], expired: false, outcome: null }
}

/** A battle of which only the id is known; a `restored` action fills it. */
export function unknownBattle(battleId: string): BattleState {
  return { battleId, turns: [], expired: false, outcome: null }
}

/** The whole of a battle's logic on this page: pure, so that every order of events can be tested. */
export function reduceBattle(state: BattleState, action: BattleAction): BattleState {
  switch (action.type) {
    case 'restored':
      return restore(state, action.view)
    case 'forgotten':
      return mapLast(state, (turn) => emptyTurn(turn.turn, turn.prompt, turn.confirmed))
    case 'asked':
      return {
        ...state,
        turns: [
          ...state.turns,
          emptyTurn((state.turns.at(-1)?.turn ?? 0) + 1, action.prompt, false),
        ],
      }
    case 'ask-confirmed':
      return mapLast(state, (turn) => ({ ...turn, confirmed: true }))
    case 'ask-failed':
      return { ...state, turns: state.turns.filter((turn) => turn.confirmed) }
    case 'delta':
      return action.delta.battleId === state.battleId ? applyDelta(state, action.delta) : state
    case 'end':
      return action.end.battleId === state.battleId ? applyEnd(state, action.end) : state
    case 'resumed':
      return applyResumed(state, action.state)
    case 'retrying':
      return mapLast(state, (turn) => ({
        ...turn,
        sides: mapSides(turn.sides, (side, name) =>
          action.sides.includes(name) ? { ...side, end: null } : side,
        ),
      }))
    case 'retry-failed':
      return mapLast(state, (turn) => ({
        ...turn,
        sides: mapSides(turn.sides, (side, name) => ({
          ...side,
          end: side.end ?? action.ends[name] ?? null,
        })),
      }))
    case 'voted':
      return { ...state, outcome: action.outcome }
    case 'rated':
      return state.outcome === null
        ? state
        : { ...state, outcome: { ...state.outcome, ratings: action.ratings } }
    case 'reasoned':
      return action.view.turns.reduce(reveal, state)
    case 'expired':
      return { ...state, expired: true }
  }
  // Not reached: the compiler sees that no action is left.
  return action satisfies never
}

function applyDelta(state: BattleState, delta: Delta): BattleState {
  return mapTurn(state, delta.turn, (turn) => ({
    ...turn,
    // The arena would not send text of a turn that it had not accepted.
    confirmed: true,
    sides: mapSides(turn.sides, (side, name) => {
      const part = delta[name]
      return part === undefined ? side : appendDelta(side, part)
    }),
  }))
}

/**
 * Adds one delta to a side. A number always stands for the same text, so what is held already is
 * dropped, and what comes too early is only remembered as missing: a resume brings it again.
 */
function appendDelta(side: SideState, delta: DeltaSide): SideState {
  if (delta.seq <= side.seq) return side
  const held = { ...side, seq: delta.seq, known: Math.max(side.known, delta.seq) }
  // A new attempt needs nothing of the earlier one, so a gap before it does not matter.
  if (delta.restart === true) return { ...held, text: delta.text, preview: null, end: null }
  if (delta.seq > side.seq + 1) return { ...side, known: Math.max(side.known, delta.seq) }
  return { ...held, text: side.text + delta.text }
}

function applyEnd(state: BattleState, end: End): BattleState {
  return mapTurn(state, end.turn, (turn) => {
    const side = turn.sides[end.side]
    if (end.seq < side.seq) return turn
    const next: SideState =
      end.seq > side.seq
        ? { ...side, known: Math.max(side.known, end.seq) }
        : { ...side, preview: null, end: toAnswerEnd(end) }
    return { ...turn, sides: { ...turn.sides, [end.side]: next } }
  })
}

function applyResumed(state: BattleState, wire: WireState): BattleState {
  const next = mapTurn(state, wire.turn, (turn) => ({
    ...turn,
    sides: mapSides(turn.sides, (side, name) => {
      const told = wire[name]
      if (told.seq > side.seq) return { ...side, known: Math.max(side.known, told.seq) }
      // The same number on both ends: then the arena's word on whether it ended is the newer one.
      return told.seq === side.seq ? { ...side, end: told.end ?? null } : side
    }),
  }))
  return wire.phase === 'expired' ? { ...next, expired: true } : next
}

function restore(state: BattleState, view: BattleView): BattleState {
  const held = new Map(state.turns.map((turn) => [turn.turn, turn]))
  const turns = view.turns.map((told): TurnState => {
    const mine = held.get(told.turn)
    // What the socket brought has numbers and is at least as new: HTTP only fills what is empty.
    const sides = mapSides(mine?.sides ?? emptyTurn(0, '', true).sides, (side, name) =>
      side.seq > 0
        ? side
        : { ...previewedSide(told[name].text, told[name].end), known: side.known },
    )
    return { turn: told.turn, prompt: told.prompt, confirmed: true, sides }
  })
  return {
    ...view.turns.reduce(reveal, { ...state, turns }),
    expired: view.phase === 'expired',
    outcome:
      view.verdicts === undefined || view.models === undefined
        ? state.outcome
        : { verdicts: view.verdicts, reveal: view.models, ratings: view.ratings ?? null },
  }
}

/** Adds what both models thought in a turn. */
function reveal(state: BattleState, told: BattleView['turns'][number]): BattleState {
  return mapTurn(state, told.turn, (turn) => ({
    ...turn,
    sides: mapSides(turn.sides, (side, name) => {
      const reasoning = told[name].reasoning ?? null
      return reasoning === side.reasoning ? side : { ...side, reasoning }
    }),
  }))
}

function toAnswerEnd(end: End): AnswerEnd {
  return end.error === undefined ? { reason: end.reason } : { reason: end.reason, error: end.error }
}

function mapTurn(
  state: BattleState,
  number: number,
  change: (turn: TurnState) => TurnState,
): BattleState {
  const index = state.turns.findIndex((turn) => turn.turn === number)
  const turn = state.turns[index]
  if (turn === undefined) return state
  return { ...state, turns: state.turns.with(index, change(turn)) }
}

function mapLast(state: BattleState, change: (turn: TurnState) => TurnState): BattleState {
  const last = state.turns.at(-1)
  return last === undefined ? state : mapTurn(state, last.turn, change)
}

function mapSides(
  sides: PerSide<SideState>,
  change: (side: SideState, name: Side) => SideState,
): PerSide<SideState> {
  const [a, b] = SIDES.map((name) => change(sides[name], name)) as [SideState, SideState]
  return a === sides.a && b === sides.b ? sides : { a, b }
}
