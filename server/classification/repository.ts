import type { Database } from '../database/database.ts'
import type { Classification } from './classifier.ts'

/** A battle as it is filed, with what it is filed by. */
export type FiledBattle = {
  readonly id: string
  readonly language: string
  readonly category: string
  readonly classifier: string | null
  readonly prompt: string
  /** Votes of it that are filed otherwise than the battle; none unless somebody wrote by hand. */
  readonly strayVotes: number
}

/** How stored battles are filed, and their votes with them. */
export type ClassificationRepository = ReturnType<typeof createClassificationRepository>

export function createClassificationRepository({ kysely }: Database) {
  return {
    /** Battles with their first prompts, in the order of their ids, after one of them. */
    async readAfter(id: string, limit: number): Promise<FiledBattle[]> {
      return kysely
        .selectFrom('battles')
        .innerJoin('turns', (join) =>
          join.onRef('turns.battle_id', '=', 'battles.id').on('turns.turn', '=', 1),
        )
        .select((eb) => [
          'battles.id',
          'battles.language',
          'battles.category',
          'battles.classifier',
          'turns.prompt',
          eb
            .selectFrom('votes')
            .select((inner) => inner.fn.countAll<number>().as('n'))
            .whereRef('votes.battle_id', '=', 'battles.id')
            .where((inner) =>
              inner.or([
                inner('votes.prompt_language', '!=', inner.ref('battles.language')),
                inner('votes.category', '!=', inner.ref('battles.category')),
              ]),
            )
            .$asScalar()
            .$notNull()
            .as('strayVotes'),
        ])
        .where('battles.id', '>', id)
        .orderBy('battles.id')
        .limit(limit)
        .execute()
    },

    /** Files battles anew and their votes with them, all or none. */
    async file(battles: readonly ({ id: string } & Classification)[]): Promise<void> {
      await kysely.transaction().execute(async (trx) => {
        for (const { id, language, category, classifier } of battles) {
          await trx
            .updateTable('battles')
            .set({ language, category, classifier })
            .where('id', '=', id)
            .execute()
          await trx
            .updateTable('votes')
            .set({ prompt_language: language, category })
            .where('battle_id', '=', id)
            .execute()
        }
      })
    },
  }
}
