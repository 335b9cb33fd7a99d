import { failure, type Failure } from '../../shared/errors.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import type { BattlePhase } from '../../shared/schemas/battle.ts'
import { SIDES, type Side, type Verdicts } from '../../shared/verdicts.ts'

// A battle as a union by phase: a combination that makes no sense (a vote on a running battle, an
// answered one with a failed side) has no type and does not compile.

export type Running = { readonly status: 'running' }
export type Complete = {
  readonly status: 'complete'
  readonly reason: 'stop' | 'length' | 'stopped'
}
export type Failed = { readonly status: 'failed' }
export type Settled = Complete | Failed
type SideState = Running | Settled

/** At least one side is still answering. */
export type Streaming = { readonly phase: 'streaming'; readonly turn: number } & (
  | { readonly a: Running; readonly b: SideState }
  | { readonly a: SideState; readonly b: Running }
)

/** Both answers are complete: the only phase in which a vote can be given. */
export type Answered = {
  readonly phase: 'answered'
  readonly turn: number
  readonly a: Complete
  readonly b: Complete
}

/** Nothing runs, and at least one side failed: to be retried or replaced. */
export type Broken = { readonly phase: 'broken'; readonly turn: number } & (
  | { readonly a: Failed; readonly b: Settled }
  | { readonly a: Settled; readonly b: Failed }
)

/** A vote is on its way into the log. */
export type Recording = Omit<Answered, 'phase'> & {
  readonly phase: 'recording'
  readonly verdicts: Verdicts
}

export type Voted = Omit<Answered, 'phase'> & {
  readonly phase: 'voted'
  readonly verdicts: Verdicts
}

/** The day after its last turn is over; it was never judged. */
export type Expired = {
  readonly phase: 'expired'
  readonly turn: number
  readonly a: Settled
  readonly b: Settled
}

export type Battle = Streaming | Answered | Broken | Recording | Voted | Expired

const RUNNING: Running = { status: 'running' }

/** A turn that has just been asked of both sides. */
export function beginTurn(turn: number): Streaming {
  return { phase: 'streaming', turn, a: RUNNING, b: RUNNING }
}

/** The battle that two settled sides make. */
export function settle(turn: number, a: Settled, b: Settled): Answered | Broken {
  if (a.status === 'failed') return { phase: 'broken', turn, a, b }
  if (b.status === 'failed') return { phase: 'broken', turn, a, b }
  return { phase: 'answered', turn, a, b }
}

/** One side has ended. A side that has ended before stays as it is. */
export function sideEnded(
  battle: Streaming,
  side: Side,
  end: Settled,
): Streaming | Answered | Broken {
  const a: SideState = side === 'a' && battle.a.status === 'running' ? end : battle.a
  const b: SideState = side === 'b' && battle.b.status === 'running' ? end : battle.b
  if (a.status === 'running') return { phase: 'streaming', turn: battle.turn, a, b }
  if (b.status === 'running') return { phase: 'streaming', turn: battle.turn, a, b }
  return settle(battle.turn, a, b)
}

/** The sides that are still answering. */
export function runningSides(battle: Battle): Side[] {
  if (battle.phase !== 'streaming') return []
  return SIDES.filter((side) => battle[side].status === 'running')
}

/** Whether the battle's day is over; a battle that is being judged or was judged never expires. */
export function expire(battle: Battle): Battle {
  if (battle.phase === 'answered' || battle.phase === 'broken') {
    return { phase: 'expired', turn: battle.turn, a: battle.a, b: battle.b }
  }
  return battle
}

/** Asks the next turn of both sides. */
export function continueBattle(battle: Battle): Result<Streaming, Failure> {
  switch (battle.phase) {
    case 'answered':
      return ok(beginTurn(battle.turn + 1))
    case 'streaming':
      return err(failure('conflict', 'An answer is still being written: wait for it or stop it.'))
    case 'broken':
      return err(
        failure('conflict', 'One side could not answer: try it again or replace it first.'),
      )
    case 'recording':
    case 'voted':
    case 'expired':
      return err(failure('battle_closed'))
  }
}

/**
 * Asks the present turn again of a side that failed or was stopped; without a side, of every such.
 *
 * @returns the battle and the sides that run again
 */
export function retrySides(
  battle: Battle,
  side: Side | undefined,
): Result<{ battle: Streaming; sides: readonly Side[] }, Failure> {
  switch (battle.phase) {
    case 'recording':
    case 'voted':
    case 'expired':
      return err(failure('battle_closed'))
    case 'streaming':
    case 'answered':
    case 'broken': {
      const sides = SIDES.filter(
        (each) => (side === undefined || each === side) && canRetry(battle[each]),
      )
      if (sides.length === 0) {
        return err(failure('conflict', 'There is nothing to try again on this side.'))
      }
      const a = sides.includes('a') ? RUNNING : battle.a
      const b = sides.includes('b') ? RUNNING : battle.b
      // One of the two is running now; which one decides the member of the union.
      if (a.status === 'running') {
        return ok({ battle: { phase: 'streaming', turn: battle.turn, a, b }, sides })
      }
      return ok({ battle: { phase: 'streaming', turn: battle.turn, a, b: RUNNING }, sides })
    }
  }
}

function canRetry(side: SideState): boolean {
  return side.status === 'failed' || (side.status === 'complete' && side.reason === 'stopped')
}

/** Begins to record a vote. */
export function beginVote(battle: Battle, verdicts: Verdicts): Result<Recording, Failure> {
  switch (battle.phase) {
    case 'answered':
      return ok({ ...battle, phase: 'recording', verdicts })
    case 'streaming':
    case 'broken':
      return err(failure('battle_not_votable'))
    case 'recording':
    case 'voted':
      return err(failure('already_voted'))
    case 'expired':
      return err(failure('battle_closed'))
  }
}

/** The vote is durable. */
export function voteRecorded(battle: Recording): Voted {
  return { ...battle, phase: 'voted' }
}

/** The vote could not be written: the battle can be judged again. */
export function voteFailed(battle: Recording): Answered {
  return { phase: 'answered', turn: battle.turn, a: battle.a, b: battle.b }
}

/** The phase as clients are told it. */
export function wirePhase(battle: Battle): BattlePhase {
  switch (battle.phase) {
    case 'streaming':
    case 'answered':
    case 'voted':
    case 'expired':
      return battle.phase
    case 'broken':
    case 'recording':
      return 'answered'
  }
}
