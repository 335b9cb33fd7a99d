import { failure } from '../../shared/errors.ts'
import { BATTLE_LIFETIME_MS } from '../../shared/protocol.ts'
import type {
  AdminBattleSummary,
  AdminBattleView,
  ModelFailure,
} from '../../shared/schemas/admin.ts'
import type { BattlePhase } from '../../shared/schemas/battle.ts'
import type { ModelRef, Page, PageQuery } from '../../shared/schemas/common.ts'
import { parseCursor, toCursor } from '../battles/list-cursor.ts'
import { turnOf, type LiveBattle } from '../battles/live-battle.ts'
import { wirePhase } from '../battles/state.ts'
import type { BattleStore } from '../battles/store.ts'
import { revealedAnswerOf } from '../battles/views.ts'
import { FailureError } from '../http/failure.ts'
import type { Projector } from '../ratings/projector.ts'
import type { AdminBattleRepository, BattleFilter } from './battles-repository.ts'

type AdminBattlesDeps = {
  readonly repository: AdminBattleRepository
  readonly store: Pick<BattleStore, 'look' | 'peek'>
  readonly projector: Pick<Projector, 'effectOf'>
  /** What went wrong in a battle, the newest first. */
  readonly failuresOf: (battleId: string) => Promise<ModelFailure[]>
  readonly refOf: (slug: string) => ModelRef
  readonly now: () => number
}

/** Battles as administrators read them: names, reasoning and failures at any time. */
export type AdminBattles = ReturnType<typeof createAdminBattles>

export function createAdminBattles(deps: AdminBattlesDeps) {
  const { repository, store, projector, failuresOf, refOf, now } = deps
  type Row = Awaited<ReturnType<AdminBattleRepository['list']>>[number]

  function phaseOf(row: Row, live: LiveBattle | undefined, voted: boolean): BattlePhase {
    if (voted) return 'voted'
    if (now() - row.last_turn_at >= BATTLE_LIFETIME_MS) return 'expired'
    return live === undefined ? 'answered' : wirePhase(live.state)
  }

  function toSummary(row: Row): AdminBattleSummary {
    const { accuracy, helpfulness, language_verdict: language } = row
    const voted = accuracy !== null && helpfulness !== null && language !== null
    const live = store.peek(row.id)
    // What is in memory is newer than what has been written down.
    const sides = live && turnOf(live)?.sides
    return {
      battleId: row.id,
      phase: phaseOf(row, live, voted),
      createdAt: new Date(row.created_at).toISOString(),
      prompt: row.prompt,
      turns: row.turns ?? 1,
      ...(voted ? { verdicts: { accuracy, helpfulness, language } } : {}),
      models: { a: refOf(row.slug_a), b: refOf(row.slug_b) },
      versions: { a: row.version_a, b: row.version_b },
      ends: {
        a: sides === undefined ? row.end_a : (sides.a.end?.reason ?? null),
        b: sides === undefined ? row.end_b : (sides.b.end?.reason ?? null),
      },
      language: row.language,
      category: row.category,
      pairProbability: row.pair_probability,
    }
  }

  return {
    /** Battles, the newest first. Throws `invalid_input` for a cursor that is none. */
    async list(
      { limit, cursor }: PageQuery,
      filter: BattleFilter,
    ): Promise<Page<AdminBattleSummary>> {
      const after = cursor === undefined ? undefined : parseCursor(cursor)
      if (after === null) {
        const message = 'This cursor is not one of ours.'
        throw new FailureError(failure('invalid_input', message, { field: 'cursor' }))
      }
      const rows = await repository.list(limit + 1, after, filter)
      const last = rows[limit - 1]
      const more = rows.length > limit && last !== undefined
      return {
        items: rows.slice(0, limit).map(toSummary),
        nextCursor: more ? toCursor({ createdAt: last.created_at, id: last.id }) : null,
      }
    },

    /** One battle, whole. Throws `battle_not_found`. */
    async view(battleId: string): Promise<AdminBattleView> {
      const battle = await store.look(battleId)
      if (battle === undefined) throw new FailureError(failure('battle_not_found'))
      const { contestants, state, vote } = battle
      const { a, b } = contestants
      return {
        battleId,
        phase: wirePhase(state),
        createdAt: new Date(battle.createdAt).toISOString(),
        turns: battle.turns.map(({ prompt, sides }, index) => ({
          turn: index + 1,
          prompt,
          a: revealedAnswerOf(sides.a),
          b: revealedAnswerOf(sides.b),
        })),
        ...(state.phase === 'voted' && vote !== undefined
          ? {
              voteId: vote.id,
              verdicts: state.verdicts,
              ratings: await projector.effectOf(vote.position, 0),
            }
          : {}),
        models: { a: refOf(a.slug), b: refOf(b.slug) },
        versions: { a: a.version, b: b.version },
        failures: await failuresOf(battleId),
      }
    },
  }
}
