import type { Kysely } from 'kysely'
import type { EndReason } from '../../shared/schemas/battle.ts'
import type { BattlePlace } from '../battles/list-cursor.ts'
import type { Schema } from '../database/schema.ts'

/** Which battles are asked for; without a vote of anybody's, unless `voted` says otherwise. */
export type BattleFilter = {
  readonly model?: string | undefined
  readonly opponent?: string | undefined
  readonly end?: EndReason | undefined
  readonly voted?: boolean | undefined
}

/** Battles as administrators list them. */
export type AdminBattleRepository = ReturnType<typeof createAdminBattleRepository>

export function createAdminBattleRepository(kysely: Kysely<Schema>) {
  /** The newest battles behind a place, as their ids; along an index of the battles' times. */
  function newest(
    limit: number,
    after: BattlePlace | undefined,
    { end, voted }: BattleFilter,
    seats: { a?: string | undefined; b?: string | undefined },
  ) {
    let query = kysely.selectFrom('battles').select(['battles.id', 'battles.created_at'])
    if (seats.a !== undefined) query = query.where('battles.slug_a', '=', seats.a)
    if (seats.b !== undefined) query = query.where('battles.slug_b', '=', seats.b)
    if (after !== undefined) {
      query = query.where((eb) =>
        eb(
          eb.refTuple('battles.created_at', 'battles.id'),
          '<',
          eb.tuple(after.createdAt, after.id),
        ),
      )
    }
    if (end !== undefined) {
      query = query.where((eb) =>
        eb.exists(
          eb
            .selectFrom('answers')
            .select(eb.lit(1).as('one'))
            .whereRef('answers.battle_id', '=', 'battles.id')
            .where('answers.end_reason', '=', end),
        ),
      )
    }
    if (voted !== undefined) {
      query = query.where((eb) => {
        const vote = eb.exists(
          eb
            .selectFrom('votes')
            .select(eb.lit(1).as('one'))
            .whereRef('votes.battle_id', '=', 'battles.id')
            .whereRef('votes.voter', '=', 'battles.visitor'),
        )
        return voted ? vote : eb.not(vote)
      })
    }
    return query.orderBy('battles.created_at', 'desc').orderBy('battles.id', 'desc').limit(limit)
  }

  return {
    /** Battles, newest first, from a place in the list on. */
    async list(limit: number, after: BattlePlace | undefined, filter: BattleFilter) {
      const model = filter.model ?? filter.opponent
      const other = filter.model === undefined ? undefined : filter.opponent
      const arm = (seats: { a?: string | undefined; b?: string | undefined }) =>
        kysely
          .selectFrom(newest(limit, after, filter, seats).as('arm'))
          .select(['id', 'created_at'])
      // Each seat by its own index: "a or b" would read every battle.
      const page =
        model === undefined
          ? newest(limit, after, filter, {})
          : arm({ a: model, b: other })
              .unionAll(arm({ a: other, b: model }))
              .orderBy('created_at', 'desc')
              .orderBy('id', 'desc')
              .limit(limit)
      return (
        kysely
          .selectFrom(page.as('page'))
          .innerJoin('battles', 'battles.id', 'page.id')
          .innerJoin('turns as first', (join) =>
            join.onRef('first.battle_id', '=', 'battles.id').on('first.turn', '=', 1),
          )
          .leftJoin('votes', (join) =>
            join
              .onRef('votes.battle_id', '=', 'battles.id')
              .onRef('votes.voter', '=', 'battles.visitor'),
          )
          .select((eb) => [
            'battles.id',
            'battles.created_at',
            'battles.last_turn_at',
            'battles.slug_a',
            'battles.version_a',
            'battles.slug_b',
            'battles.version_b',
            'battles.language',
            'battles.category',
            'battles.pair_probability',
            'first.prompt',
            'votes.accuracy',
            'votes.helpfulness',
            'votes.language as language_verdict',
            eb
              .selectFrom('turns')
              .select((inner) => inner.fn.countAll<number>().as('n'))
              .whereRef('turns.battle_id', '=', 'battles.id')
              .as('turns'),
            ...(['a', 'b'] as const).map((side) =>
              eb
                .selectFrom('answers')
                .select('answers.end_reason')
                .whereRef('answers.battle_id', '=', 'battles.id')
                .where('answers.side', '=', side)
                .orderBy('answers.turn', 'desc')
                .limit(1)
                .as(`end_${side}`),
            ),
          ])
          // By the page's own columns: by those of the battles all of them would be walked through.
          .orderBy('page.created_at', 'desc')
          .orderBy('page.id', 'desc')
          .execute()
      )
    },
  }
}
