import { BATTLE_LIFETIME_MS } from '../../shared/protocol.ts'
import type { PerSide, Side } from '../../shared/verdicts.ts'
import { SIDES } from '../../shared/verdicts.ts'
import type { Exchange } from '../models/entrants.ts'
import type { BattleRepository, Contestant } from './repository.ts'
import { beginTurn, expire, settle, type Battle, type Settled } from './state.ts'
import { Transcript, type SavedAnswer, type StoredTranscript } from './transcript.ts'

/** What was asked in one turn, and what each side has said so far. */
export type Turn = { readonly prompt: string; readonly sides: PerSide<Transcript> }

/** The vote of the visitor who asked. */
export type RecordedVote = { readonly id: string; readonly position: number }

/** A battle in memory: its state and its transcripts. */
export type LiveBattle = {
  readonly id: string
  /** Keyed hash of the visitor who asked. */
  readonly visitor: string
  readonly createdAt: number
  lastTurnAt: number
  state: Battle
  contestants: PerSide<Contestant>
  pairProbability: number
  readonly language: string
  readonly category: string
  readonly turns: Turn[]
  vote: RecordedVote | undefined
  /** Models that failed on a side of this battle: not drawn again when it is replaced. */
  readonly failedSlugs: string[]
  /** Aborts what a side is being asked at the moment. */
  readonly running: Partial<PerSide<AbortController>>
  /** Ended answers that are not written down yet, by turn and side. */
  readonly unsaved: Map<string, { turn: number; side: Side; answer: SavedAnswer }>
  /** Taken up from the database: what was streaming when the process stopped is lost. */
  readonly restored: boolean
  /** Settles when the vote on its way has been written or refused. */
  recording: Promise<void> | undefined
  /** When somebody last did something with it, to let go of idle ones. */
  touchedAt: number
}

/** A turn that nobody has answered yet. */
export function newTurn(prompt: string): Turn {
  return { prompt, sides: { a: new Transcript(), b: new Transcript() } }
}

/** The turn of a number from 1 on, or of the present one. */
export function turnOf(battle: LiveBattle, turn: number = battle.state.turn): Turn | undefined {
  return battle.turns[turn - 1]
}

/**
 * The conversation as one side knows it: its own answers only, and the question of the turn last,
 * by default the present one.
 */
export function conversationOf(
  battle: LiveBattle,
  side: Side,
  turn: number = battle.turns.length,
): Exchange[] {
  return battle.turns
    .slice(0, turn)
    .map(({ prompt, sides }, index) =>
      index === turn - 1 ? { prompt } : { prompt, answer: sides[side].answer },
    )
}

/** Lets the battle's day end. */
export function ageBattle(battle: LiveBattle, now: number): void {
  if (now - battle.lastTurnAt >= BATTLE_LIFETIME_MS) battle.state = expire(battle.state)
}

/** Takes up a battle from the database; nothing of it is running. */
export function restoreBattle(
  stored: NonNullable<Awaited<ReturnType<BattleRepository['load']>>>,
  now: number,
): LiveBattle {
  const { battle, turns, answers, vote } = stored
  const live: LiveBattle = {
    id: battle.id,
    visitor: battle.visitor,
    createdAt: battle.created_at,
    lastTurnAt: battle.last_turn_at,
    state: beginTurn(turns.length),
    contestants: {
      a: { slug: battle.slug_a, version: battle.version_a },
      b: { slug: battle.slug_b, version: battle.version_b },
    },
    pairProbability: battle.pair_probability,
    language: battle.language,
    category: battle.category,
    turns: turns.map(({ turn, prompt }) => {
      const sides = newTurn(prompt).sides
      for (const side of SIDES) {
        const row = answers.find((answer) => answer.turn === turn && answer.side === side)
        if (row === undefined) sides[side].finish('error')
        else {
          const stored = JSON.parse(row.transcript) as StoredTranscript
          sides[side] = Transcript.restore(row.text, stored, row.reasoning)
        }
      }
      return { prompt, sides }
    }),
    vote: vote === undefined ? undefined : { id: vote.id, position: vote.position },
    failedSlugs: [],
    running: {},
    unsaved: new Map(),
    restored: true,
    recording: undefined,
    touchedAt: now,
  }
  const last = live.turns.at(-1)
  const settled = settle(turns.length, settledSide(last?.sides.a), settledSide(last?.sides.b))
  live.state = settled
  if (vote !== undefined && settled.phase === 'answered') {
    const { accuracy, helpfulness, language } = vote
    live.state = { ...settled, phase: 'voted', verdicts: { accuracy, helpfulness, language } }
  }
  ageBattle(live, now)
  return live
}

function settledSide(transcript: Transcript | undefined): Settled {
  const reason = transcript?.end?.reason ?? 'error'
  return reason === 'error' ? { status: 'failed' } : { status: 'complete', reason }
}
