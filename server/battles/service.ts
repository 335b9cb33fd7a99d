import { failure, type Failure } from '../../shared/errors.ts'
import { checkPrompt } from '../../shared/prompt.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import type { BattleState } from '../../shared/schemas/battle.ts'
import { otherSide, SIDES, type PerSide, type Side } from '../../shared/verdicts.ts'
import type { Entrant, Entrants } from '../models/entrants.ts'
import { toAnswerEnd } from './answer-end.ts'
import type { Answering } from './answering.ts'
import type { Audience, Reader } from './audience.ts'
import { newTurn, turnOf, type LiveBattle } from './live-battle.ts'
import type { Matchmaker } from './matchmaker.ts'
import { nobodyReady, type Opening, type StartRequest } from './opening.ts'
import type { BattleRepository } from './repository.ts'
import { continueBattle, retrySides, wirePhase } from './state.ts'
import type { BattleStore } from './store.ts'

/** The highest number that a reader may hold of a turn cut off by a crash; more is a mistake. */
const MAX_LOST_FRAMES = 10_000

/** Answers of one visitor that may be written at once, in battles. */
const MAX_RUNNING_BATTLES = 20
/** Bounds that nobody who converses meets: they keep one battle from growing for ever. */
const MAX_TURNS = 100
const MAX_ATTEMPTS = 50

type BattlesDeps = {
  readonly repository: BattleRepository
  readonly store: BattleStore
  readonly opening: Opening
  readonly answering: Answering
  readonly audience: Audience
  readonly entrants: Pick<Entrants, 'eligible' | 'readiness'>
  readonly matchmaker: Pick<Matchmaker, 'replacement'>
  readonly maxPromptCharacters: number
  /** The setting RATE_LIMITS. */
  readonly limited: boolean
  readonly now: () => number
  /** Has readers told at the next tick what they have not heard yet. */
  readonly tell: (battle: LiveBattle) => void
}

type Act<Payload, Answer> = (
  visitor: string,
  payload: Payload,
  reader: Reader,
) => Promise<Result<Answer, Failure>>

/** What a visitor may do with battles, but for voting. */
export type Battles = ReturnType<typeof createBattles>

export function createBattles(deps: BattlesDeps) {
  const { repository, store, opening, answering, audience, entrants, matchmaker, now } = deps

  /** Whoever acts on a battle hears of it from the turn that this act begins. */
  function listen(battle: LiveBattle, reader: Reader, from: PerSide<number>): void {
    if (!audience.has(battle, reader)) audience.join(battle, reader, battle.state.turn, from)
  }

  /** Keeps one visitor from having everybody's models write for them alone. */
  function checkRunning(visitor: string): Failure | undefined {
    if (!deps.limited) return undefined
    let running = 0
    for (const battle of store.running()) if (battle.visitor === visitor) running += 1
    return running < MAX_RUNNING_BATTLES
      ? undefined
      : failure('rate_limited', 'Wait until your other battles have been answered, or stop them.')
  }

  const start: Act<StartRequest, { battleId: string; turn: number }> = async (
    visitor,
    request,
    reader,
  ) => {
    const busy = checkRunning(visitor)
    if (busy !== undefined) return err(busy)
    const opened = await opening.open(visitor, request)
    if (!opened.ok) return opened
    if ('existing' in opened.value) {
      const battle = await store.own(opened.value.existing, visitor)
      if (!battle.ok) return battle
      // A connection that did not start it hears nothing of it before it resumes.
      return ok({ battleId: battle.value.id, turn: 1 })
    }
    const { battle } = opened.value
    store.add(battle)
    listen(battle, reader, { a: 0, b: 0 })
    answering.ask(battle, SIDES)
    return ok({ battleId: battle.id, turn: 1 })
  }

  const next: Act<
    { battleId: string; prompt: string },
    { battleId: string; turn: number }
  > = async (visitor, { battleId, prompt }, reader) => {
    const found = await store.own(battleId, visitor)
    if (!found.ok) return found
    const battle = found.value
    const continued = continueBattle(battle.state)
    if (!continued.ok) return continued
    const checked = checkPrompt(prompt, deps.maxPromptCharacters)
    if (!checked.ok) return checked
    const busy = checkRunning(visitor)
    if (busy !== undefined) return err(busy)
    if (battle.turns.length >= MAX_TURNS) {
      return err(failure('conflict', `A battle has at most ${MAX_TURNS} turns.`))
    }
    const before = { state: battle.state, lastTurnAt: battle.lastTurnAt }
    const { turn } = continued.value
    // Taken before anything is awaited: a second act at once meets a streaming battle.
    battle.state = continued.value
    battle.lastTurnAt = now()
    battle.turns.push(newTurn(prompt))
    listen(battle, reader, { a: 0, b: 0 })
    try {
      await repository.insertTurn(battle.id, turn, prompt, battle.lastTurnAt)
    } catch (cause) {
      battle.turns.pop()
      Object.assign(battle, before)
      throw cause
    }
    answering.ask(battle, SIDES)
    return ok({ battleId, turn })
  }

  const stop: Act<{ battleId: string; side?: Side | undefined }, object> = async (
    visitor,
    { battleId, side },
  ) => {
    const found = await store.own(battleId, visitor)
    if (!found.ok) return found
    const { phase } = found.value.state
    if (phase === 'voted' || phase === 'expired') return err(failure('battle_closed'))
    answering.stop(found.value, side, 'stopped')
    return ok({})
  }

  const retry: Act<
    { battleId: string; side?: Side | undefined; replace?: boolean | undefined },
    { turn: number }
  > = async (visitor, { battleId, side, replace = false }, reader) => {
    const found = await store.own(battleId, visitor)
    if (!found.ok) return found
    const battle = found.value
    const retried = retrySides(battle.state, side)
    if (!retried.ok) return retried
    const { turn } = battle.state
    if (replace && turn !== 1) {
      return err(failure('conflict', 'A model can only be replaced in the first turn.'))
    }
    const sides = turnOf(battle)?.sides
    if (retried.value.sides.some((each) => (sides?.[each].attempts ?? 0) >= MAX_ATTEMPTS)) {
      return err(failure('conflict', 'This was tried often enough. Start a new battle.'))
    }
    const replacements = replace ? drawReplacements(battle, retried.value.sides) : ok([])
    if (!replacements.ok) return replacements
    battle.state = retried.value.battle
    for (const each of retried.value.sides) {
      const transcript = sides?.[each]
      if (transcript === undefined) continue
      transcript.restart()
      // The stored end is over from here on: a crash must not bring it back.
      const answer = transcript.toStored()
      battle.unsaved.set(`${turn}:${each}`, { turn, side: each, answer })
    }
    void store.saveAnswers(battle)
    listen(battle, reader, { a: sides?.a.seq ?? 0, b: sides?.b.seq ?? 0 })
    for (const { side: seat, contestant, probability } of replacements.value) {
      try {
        await repository.replaceContestant(battle.id, seat, contestant, probability)
        battle.contestants = { ...battle.contestants, [seat]: contestant }
        battle.pairProbability = probability
      } catch (cause) {
        for (const each of retried.value.sides) answering.fail(battle, each)
        throw cause
      }
    }
    answering.ask(battle, retried.value.sides)
    return ok({ turn })
  }

  function drawReplacements(battle: LiveBattle, sides: readonly Side[]) {
    const promptLength = turnOf(battle)?.prompt.length ?? 0
    const eligible = entrants.eligible(promptLength)
    const seated = { ...battle.contestants }
    const drawn: {
      side: Side
      contestant: { slug: string; version: number }
      probability: number
    }[] = []
    for (const side of sides) {
      const opponent = seated[otherSide(side)]
      const staying: Entrant = eligible.find(({ slug }) => slug === opponent.slug) ?? {
        ...opponent,
        weight: 1,
      }
      const leaving = seated[side].slug
      const found =
        matchmaker.replacement(eligible, staying, [leaving, ...battle.failedSlugs]) ??
        matchmaker.replacement(eligible, staying, [leaving])
      if (found === undefined) return err(nobodyReady(entrants, promptLength))
      const contestant = { slug: found.entrant.slug, version: found.entrant.version }
      seated[side] = contestant
      drawn.push({ side, contestant, probability: found.probability })
    }
    return ok(drawn)
  }

  const resume: Act<
    { battleId: string; turn: number; from: PerSide<number> },
    { state: BattleState }
  > = async (visitor, { battleId, turn, from }, reader) => {
    const found = await store.own(battleId, visitor)
    if (!found.ok) return found
    const battle = found.value
    const sides = turnOf(battle, turn)?.sides
    if (sides === undefined) {
      return err(failure('invalid_input', `This battle has no turn ${turn}.`, { field: 'turn' }))
    }
    for (const side of SIDES) {
      const ahead = from[side] - sides[side].seq
      const crashed = battle.restored && sides[side].end?.reason === 'error'
      const lost = crashed && from[side] <= MAX_LOST_FRAMES
      if (ahead > 0 && !lost) {
        return err(
          failure('invalid_input', `Side ${side} has ${sides[side].seq} frames in this turn.`, {
            field: `from.${side}`,
          }),
        )
      }
      if (ahead > 0) sides[side].markLost(from[side])
    }
    audience.join(battle, reader, turn, from)
    return ok({ state: stateOf(battle) })
  }

  return {
    start,
    next,
    stop,
    retry,
    resume,

    /** After the ack of a resume: what came after the numbers it named. */
    catchUp(battleId: string): void {
      const battle = store.peek(battleId)
      if (battle !== undefined) deps.tell(battle)
    },

    async comment(visitor: string, { battleId, comment }: { battleId: string; comment: string }) {
      const found = await store.own(battleId, visitor)
      if (!found.ok) return found
      if (found.value.state.phase !== 'voted') {
        return err(failure('battle_not_votable', 'A remark can be left after the vote.'))
      }
      await repository.saveComment(battleId, visitor, comment, now())
      return ok({})
    },

    async react(
      visitor: string,
      payload: {
        battleId: string
        turn: number
        side: Side
        reaction: string | null
        tags?: string[] | undefined
      },
    ) {
      const found = await store.own(payload.battleId, visitor)
      if (!found.ok) return found
      if (turnOf(found.value, payload.turn) === undefined) {
        const message = `This battle has no turn ${payload.turn}.`
        return err(failure('invalid_input', message, { field: 'turn' }))
      }
      await repository.saveReaction({
        battle_id: payload.battleId,
        turn: payload.turn,
        side: payload.side,
        voter: visitor,
        reaction: payload.reaction,
        tags: JSON.stringify(payload.tags ?? []),
        updated_at: now(),
      })
      return ok({})
    },
  }
}

/** The present turn as a resume tells it. */
function stateOf(battle: LiveBattle): BattleState {
  const sides = turnOf(battle)?.sides
  const side = (name: Side) => {
    const transcript = sides?.[name]
    const end = transcript?.end
    return { seq: transcript?.seq ?? 0, ...(end === undefined ? {} : { end: toAnswerEnd(end) }) }
  }
  return { turn: battle.state.turn, phase: wirePhase(battle.state), a: side('a'), b: side('b') }
}
