import type { AnswerEnd, ReceiptRatings, Reveal } from '../../shared/schemas/battle.ts'
import type { PerSide, Side, Verdicts } from '../../shared/verdicts.ts'

/** One side's answer in one turn, as far as this page holds it. */
export type SideState = {
  /** The last delta that is part of `text`. */
  readonly seq: number
  /** The highest number that is known to exist; above `seq`, something was missed. */
  readonly known: number
  readonly text: string
  /** The text as HTTP told it, shown until the replayed deltas have caught up with it. */
  readonly preview: string | null
  readonly end: AnswerEnd | null
  /** What the model thought before it answered; known after the vote, if its provider tells. */
  readonly reasoning: string | null
}

/** One question and its two answers. */
export type TurnState = {
  readonly turn: number
  readonly prompt: string
  /** False between sending a follow-up and the arena's acknowledgement. */
  readonly confirmed: boolean
  readonly sides: PerSide<SideState>
}

/** What a vote brought: who answered, and what it moved (null until the arena has counted). */
export type Outcome = {
  readonly verdicts: Verdicts
  readonly reveal: Reveal
  readonly ratings: ReceiptRatings | null
}

/** One battle as this page holds it. */
export type BattleState = {
  readonly battleId: string
  readonly turns: readonly TurnState[]
  readonly expired: boolean
  readonly outcome: Outcome | null
}

const EMPTY_SIDE: SideState = {
  seq: 0,
  known: 0,
  text: '',
  preview: null,
  end: null,
  reasoning: null,
}

/** A turn of which nothing has arrived yet. */
export function emptyTurn(turn: number, prompt: string, confirmed: boolean): TurnState {
  return { turn, prompt, confirmed, sides: { a: EMPTY_SIDE, b: EMPTY_SIDE } }
}

/** A side whose text is known from an HTTP read, which tells no numbers. */
export function previewedSide(text: string, end: AnswerEnd | undefined): SideState {
  return { ...EMPTY_SIDE, preview: text, end: end ?? null }
}

/** The turn in play: the last one. */
export function currentTurn(state: BattleState): TurnState | undefined {
  return state.turns.at(-1)
}

/** The last turn that the arena is known to have: the one that a resume asks for. */
export function confirmedTurn(state: BattleState): TurnState | undefined {
  return state.turns.findLast((turn) => turn.confirmed)
}

/** What to show of a side: what was received, or the longer text that HTTP told before. */
export function shownText(side: SideState): string {
  return side.preview !== null && side.preview.length > side.text.length ? side.preview : side.text
}

/** Whether deltas are known to be missing, so that a resume is due. */
export function isBehind(state: BattleState): boolean {
  const turn = confirmedTurn(state)
  return turn !== undefined && (isSideBehind(turn.sides.a) || isSideBehind(turn.sides.b))
}

function isSideBehind(side: SideState): boolean {
  return side.known > side.seq
}

/** What a visitor can do now, as a union: impossible combinations do not exist. */
export type Stage =
  | { readonly name: 'streaming' }
  | { readonly name: 'failed'; readonly sides: readonly Side[] }
  | { readonly name: 'judging' }
  | { readonly name: 'revealed'; readonly outcome: Outcome }
  | { readonly name: 'expired' }

/** Derives the stage of a battle from what is held of it. */
export function stageOf(state: BattleState): Stage {
  if (state.outcome !== null) return { name: 'revealed', outcome: state.outcome }
  if (state.expired) return { name: 'expired' }
  const sides = currentTurn(state)?.sides
  if (sides === undefined || sides.a.end === null || sides.b.end === null) {
    return { name: 'streaming' }
  }
  const failed = (['a', 'b'] as const).filter((side) => sides[side].end?.reason === 'error')
  return failed.length > 0 ? { name: 'failed', sides: failed } : { name: 'judging' }
}
