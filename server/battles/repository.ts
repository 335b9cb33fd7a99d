import type { Kysely, Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import type { Side } from '../../shared/verdicts.ts'
import type { SavedAnswer } from './transcript.ts'

export type BattleRow = Selectable<Schema['battles']>

/** Who answers on one side. */
export type Contestant = { readonly slug: string; readonly version: number }

/** Battles, their turns and answers, remarks and reactions. */
export type BattleRepository = ReturnType<typeof createBattleRepository>

export function createBattleRepository({ kysely }: Database) {
  return {
    /** Writes a new battle with its first turn. */
    async insert(battle: BattleRow, prompt: string): Promise<void> {
      await kysely.transaction().execute(async (trx) => {
        await trx.insertInto('battles').values(battle).execute()
        await insertTurn(trx, battle.id, 1, prompt, battle.created_at)
      })
    },

    async findByClientKey(
      visitor: string,
      clientKey: string,
    ): Promise<{ id: string; prompt: string } | undefined> {
      return kysely
        .selectFrom('battles')
        .innerJoin('turns', 'turns.battle_id', 'battles.id')
        .select(['battles.id', 'turns.prompt'])
        .where('visitor', '=', visitor)
        .where('client_key', '=', clientKey)
        .where('turns.turn', '=', 1)
        .executeTakeFirst()
    },

    /** Who started a battle. */
    async visitorOf(id: string): Promise<string | undefined> {
      const row = await kysely
        .selectFrom('battles')
        .select('visitor')
        .where('id', '=', id)
        .executeTakeFirst()
      return row?.visitor
    },

    /** A battle with its turns and answers in order, and its visitor's vote if there is one. */
    async load(id: string) {
      const battle = await kysely
        .selectFrom('battles')
        .selectAll()
        .where('id', '=', id)
        .executeTakeFirst()
      if (battle === undefined) return undefined
      const turns = await kysely
        .selectFrom('turns')
        .selectAll()
        .where('battle_id', '=', id)
        .orderBy('turn')
        .execute()
      const answers = await kysely
        .selectFrom('answers')
        .selectAll()
        .where('battle_id', '=', id)
        .orderBy('turn')
        .execute()
      const vote = await kysely
        .selectFrom('votes')
        .select(['id', 'position', 'accuracy', 'helpfulness', 'language'])
        .where('battle_id', '=', id)
        .where('voter', '=', battle.visitor)
        .executeTakeFirst()
      return { battle, turns, answers, vote }
    },

    /** Writes a later turn; the battle lives on from here. */
    async insertTurn(battleId: string, turn: number, prompt: string, at: number): Promise<void> {
      await kysely.transaction().execute(async (trx) => {
        await insertTurn(trx, battleId, turn, prompt, at)
        await trx
          .updateTable('battles')
          .set({ last_turn_at: at })
          .where('id', '=', battleId)
          .execute()
      })
    },

    /** Seats another model on one side. */
    async replaceContestant(
      battleId: string,
      side: Side,
      contestant: Contestant,
      pairProbability: number,
    ): Promise<void> {
      await kysely
        .updateTable('battles')
        .set(
          side === 'a'
            ? { slug_a: contestant.slug, version_a: contestant.version }
            : { slug_b: contestant.slug, version_b: contestant.version },
        )
        .set({ pair_probability: pairProbability })
        .where('id', '=', battleId)
        .execute()
    },

    /** Writes what a side has said; a retry's text replaces the row, which holds both attempts. */
    async saveAnswer(
      battleId: string,
      turn: number,
      side: Side,
      answer: SavedAnswer,
    ): Promise<void> {
      const row = {
        text: answer.text,
        transcript: JSON.stringify(answer.transcript),
        reasoning: answer.reasoning,
        end_reason: answer.transcript.attempts.at(-1)?.reason ?? 'error',
      }
      await kysely
        .insertInto('answers')
        .values({ battle_id: battleId, turn, side, ...row })
        .onConflict((conflict) => conflict.columns(['battle_id', 'turn', 'side']).doUpdateSet(row))
        .execute()
    },

    async saveComment(battleId: string, voter: string, comment: string, at: number) {
      await kysely
        .insertInto('comments')
        .values({ battle_id: battleId, voter, comment, updated_at: at })
        .onConflict((conflict) =>
          conflict.columns(['battle_id', 'voter']).doUpdateSet({ comment, updated_at: at }),
        )
        .execute()
    },

    async saveReaction(reaction: Selectable<Schema['reactions']>): Promise<void> {
      const { reaction: value, tags, updated_at } = reaction
      await kysely
        .insertInto('reactions')
        .values(reaction)
        .onConflict((conflict) =>
          conflict
            .columns(['battle_id', 'turn', 'side', 'voter'])
            .doUpdateSet({ reaction: value, tags, updated_at }),
        )
        .execute()
    },

    /** A visitor's battles, newest first, from a place in the list on. */
    async listByVisitor(
      visitor: string,
      limit: number,
      after: { createdAt: number; id: string } | undefined,
      models: { model?: string | undefined; opponent?: string | undefined },
    ) {
      let query = kysely
        .selectFrom('battles')
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
          'battles.slug_b',
          'first.prompt',
          'votes.accuracy',
          'votes.helpfulness',
          'votes.language',
          eb
            .selectFrom('turns')
            .select((inner) => inner.fn.countAll<number>().as('n'))
            .whereRef('turns.battle_id', '=', 'battles.id')
            .as('turns'),
        ])
        .where('battles.visitor', '=', visitor)
      if (after !== undefined) {
        query = query.where((eb) =>
          eb.or([
            eb('battles.created_at', '<', after.createdAt),
            eb.and([
              eb('battles.created_at', '=', after.createdAt),
              eb('battles.id', '<', after.id),
            ]),
          ]),
        )
      }
      for (const slug of [models.model, models.opponent]) {
        if (slug === undefined) continue
        // Only judged battles may be found by a model's name: the search would tell it otherwise.
        query = query.where((eb) =>
          eb.and([
            eb('votes.id', 'is not', null),
            eb.or([eb('battles.slug_a', '=', slug), eb('battles.slug_b', '=', slug)]),
          ]),
        )
      }
      return query
        .orderBy('battles.created_at', 'desc')
        .orderBy('battles.id', 'desc')
        .limit(limit)
        .execute()
    },
  }
}

async function insertTurn(
  trx: Kysely<Schema>,
  battleId: string,
  turn: number,
  prompt: string,
  at: number,
): Promise<void> {
  await trx
    .insertInto('turns')
    .values({ battle_id: battleId, turn, prompt, created_at: at })
    .execute()
}
