import type { Kysely, Migration } from 'kysely'

async function up(db: Kysely<unknown>): Promise<void> {
  // Who classified the first prompt: null for battles from before prompts were classified.
  await db.schema.alterTable('battles').addColumn('classifier', 'text').execute()
  await db.schema
    .alterTable('votes')
    .addColumn('turns', 'integer', (c) => c.notNull().defaultTo(1))
    .execute()
  await db.schema.alterTable('votes').addColumn('style', 'text').execute()
}

/**
 * What boards are sliced and controlled by: the classifier of each battle, how many turns a vote
 * judged, and how both sides' answers were written.
 */
export const classification: Migration = { up }
