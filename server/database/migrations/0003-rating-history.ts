import type { Kysely, Migration } from 'kysely'

const times = 'bigint'
const real = 'double precision'

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rating_history')
    .addColumn('position', times, (c) => c.notNull())
    .addColumn('dimension', 'text', (c) => c.notNull())
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('at', times, (c) => c.notNull())
    .addColumn('rating', real)
    .addColumn('ci_low', real)
    .addColumn('ci_high', real)
    .addColumn('elo', real, (c) => c.notNull())
    .addColumn('votes', times, (c) => c.notNull())
    .addPrimaryKeyConstraint('rating_history_key', ['dimension', 'position', 'slug'])
    .execute()
}

/** Where every model stood at the moments of the past. */
export const ratingHistory: Migration = { up }
