import { failure, type Failure } from '../../shared/errors.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import type { BattleSummary, BattleView, Reveal } from '../../shared/schemas/battle.ts'
import type { ModelRef, Page } from '../../shared/schemas/common.ts'
import { BATTLE_LIFETIME_MS } from '../../shared/protocol.ts'
import type { Transcript } from './transcript.ts'
import { toAnswerEnd } from './answer-end.ts'
import { parseCursor, toCursor } from './list-cursor.ts'
import type { BattleRepository } from './repository.ts'
import { wirePhase } from './state.ts'
import type { BattleStore } from './store.ts'
import type { Projector } from '../ratings/projector.ts'

type ViewsDeps = {
  readonly repository: Pick<BattleRepository, 'listByVisitor'>
  readonly store: BattleStore
  readonly projector: Pick<Projector, 'effectOf'>
  readonly refOf: (slug: string) => ModelRef
  readonly now: () => number
}

/** What can be read of battles. Names of models appear only after the vote. */
export type BattleViews = ReturnType<typeof createBattleViews>

export function createBattleViews({ repository, store, projector, refOf, now }: ViewsDeps) {
  return {
    /** One battle, for its own visitor. */
    async view(battleId: string, visitor: string): Promise<Result<BattleView, Failure>> {
      const found = await store.own(battleId, visitor)
      if (!found.ok) return found
      const battle = found.value
      const voted = battle.state.phase === 'voted' && battle.vote !== undefined
      const answerOf = voted ? revealedAnswerOf : openAnswerOf
      const view: BattleView = {
        battleId,
        phase: wirePhase(battle.state),
        createdAt: new Date(battle.createdAt).toISOString(),
        turns: battle.turns.map(({ prompt, sides }, index) => ({
          turn: index + 1,
          prompt,
          a: answerOf(sides.a),
          b: answerOf(sides.b),
        })),
      }
      if (battle.state.phase !== 'voted' || battle.vote === undefined) return ok(view)
      const { a, b } = battle.contestants
      return ok({
        ...view,
        voteId: battle.vote.id,
        verdicts: battle.state.verdicts,
        models: { a: refOf(a.slug), b: refOf(b.slug) } satisfies Reveal,
        ratings: await projector.effectOf(battle.vote.position, 0),
      })
    },

    /** A visitor's own battles, newest first. */
    async list(
      visitor: string,
      page: { limit: number; cursor?: string | undefined },
      models: { model?: string | undefined; opponent?: string | undefined },
    ): Promise<Result<Page<BattleSummary>, Failure>> {
      const after = page.cursor === undefined ? undefined : parseCursor(page.cursor)
      if (after === null) {
        return err(failure('invalid_input', 'This cursor is not one of ours.', { field: 'cursor' }))
      }
      const rows = await repository.listByVisitor(visitor, page.limit + 1, after, models)
      const items = rows.slice(0, page.limit).map((row): BattleSummary => {
        const { accuracy, helpfulness, language } = row
        const voted = accuracy !== null && helpfulness !== null && language !== null
        const base = {
          battleId: row.id,
          createdAt: new Date(row.created_at).toISOString(),
          prompt: row.prompt,
          turns: row.turns ?? 1,
        }
        if (voted) {
          return {
            ...base,
            phase: 'voted',
            verdicts: { accuracy, helpfulness, language },
            models: { a: refOf(row.slug_a), b: refOf(row.slug_b) },
          }
        }
        const state = store.peek(row.id)?.state
        const expired = now() - row.last_turn_at >= BATTLE_LIFETIME_MS
        return {
          ...base,
          phase: expired ? 'expired' : state === undefined ? 'answered' : wirePhase(state),
        }
      })
      const last = rows[page.limit - 1]
      const more = rows.length > page.limit && last !== undefined
      return ok({
        items,
        nextCursor: more ? toCursor({ createdAt: last.created_at, id: last.id }) : null,
      })
    },
  }
}

type AnswerView = BattleView['turns'][number]['a']

function openAnswerOf({ answer, end }: Transcript): AnswerView {
  return { text: answer, ...(end === undefined ? {} : { end: toAnswerEnd(end) }) }
}

/** What a model thought may name it, and that it thought at all may: both wait for the vote. */
export function revealedAnswerOf(transcript: Transcript): AnswerView {
  const { reasoning } = transcript
  return { ...openAnswerOf(transcript), ...(reasoning === null ? {} : { reasoning }) }
}
