import type { Kysely, Migration } from 'kysely'

const times = 'bigint'
const real = 'double precision'

async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('slug', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('organization', 'text', (c) => c.notNull())
    .addColumn('license', 'text', (c) => c.notNull())
    .addColumn('description', 'text')
    .addColumn('weight', real, (c) => c.notNull())
    .addColumn('enabled', 'integer', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('sealed_key', 'text')
    .addColumn('created_at', times, (c) => c.notNull())
    .addColumn('updated_at', times, (c) => c.notNull())
    .addColumn('retired_at', times)
    .addColumn('retired_reason', 'text')
    .execute()

  await db.schema
    .createTable('model_versions')
    .addColumn('slug', 'text', (c) => c.notNull().references('models.slug'))
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('provider', 'text', (c) => c.notNull())
    .addColumn('system_prompt', 'text')
    .addColumn('answer_prefix', 'text')
    .addColumn('sampling', 'text', (c) => c.notNull())
    .addColumn('created_at', times, (c) => c.notNull())
    .addPrimaryKeyConstraint('model_versions_key', ['slug', 'version'])
    .execute()

  await db.schema
    .createTable('battles')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('visitor', 'text', (c) => c.notNull())
    .addColumn('client_key', 'text')
    .addColumn('slug_a', 'text', (c) => c.notNull())
    .addColumn('version_a', 'integer', (c) => c.notNull())
    .addColumn('slug_b', 'text', (c) => c.notNull())
    .addColumn('version_b', 'integer', (c) => c.notNull())
    .addColumn('pair_probability', real, (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('category', 'text', (c) => c.notNull())
    .addColumn('created_at', times, (c) => c.notNull())
    .addColumn('last_turn_at', times, (c) => c.notNull())
    .addUniqueConstraint('battles_client_key', ['visitor', 'client_key'])
    .execute()
  await db.schema
    .createIndex('battles_by_visitor')
    .on('battles')
    .columns(['visitor', 'created_at', 'id'])
    .execute()

  await db.schema
    .createTable('turns')
    .addColumn('battle_id', 'text', (c) => c.notNull().references('battles.id'))
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('prompt', 'text', (c) => c.notNull())
    .addColumn('created_at', times, (c) => c.notNull())
    .addPrimaryKeyConstraint('turns_key', ['battle_id', 'turn'])
    .execute()

  await db.schema
    .createTable('answers')
    .addColumn('battle_id', 'text', (c) => c.notNull().references('battles.id'))
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('side', 'text', (c) => c.notNull())
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('transcript', 'text', (c) => c.notNull())
    .addColumn('end_reason', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('answers_key', ['battle_id', 'turn', 'side'])
    .execute()

  await db.schema
    .createTable('votes')
    .addColumn('position', times, (c) => c.primaryKey())
    .addColumn('id', 'text', (c) => c.notNull().unique())
    .addColumn('battle_id', 'text', (c) => c.notNull().references('battles.id'))
    .addColumn('voter', 'text', (c) => c.notNull())
    .addColumn('judge', 'text', (c) => c.notNull())
    .addColumn('accuracy', 'text', (c) => c.notNull())
    .addColumn('helpfulness', 'text', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('slug_a', 'text', (c) => c.notNull())
    .addColumn('version_a', 'integer', (c) => c.notNull())
    .addColumn('slug_b', 'text', (c) => c.notNull())
    .addColumn('version_b', 'integer', (c) => c.notNull())
    .addColumn('pair_probability', real, (c) => c.notNull())
    .addColumn('prompt_language', 'text', (c) => c.notNull())
    .addColumn('category', 'text', (c) => c.notNull())
    .addColumn('created_at', times, (c) => c.notNull())
    .addUniqueConstraint('votes_battle_voter', ['battle_id', 'voter'])
    .execute()

  await db.schema
    .createTable('comments')
    .addColumn('battle_id', 'text', (c) => c.notNull().references('battles.id'))
    .addColumn('voter', 'text', (c) => c.notNull())
    .addColumn('comment', 'text', (c) => c.notNull())
    .addColumn('updated_at', times, (c) => c.notNull())
    .addPrimaryKeyConstraint('comments_key', ['battle_id', 'voter'])
    .execute()

  await db.schema
    .createTable('reactions')
    .addColumn('battle_id', 'text', (c) => c.notNull().references('battles.id'))
    .addColumn('turn', 'integer', (c) => c.notNull())
    .addColumn('side', 'text', (c) => c.notNull())
    .addColumn('voter', 'text', (c) => c.notNull())
    .addColumn('reaction', 'text')
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('updated_at', times, (c) => c.notNull())
    .addPrimaryKeyConstraint('reactions_key', ['battle_id', 'turn', 'side', 'voter'])
    .execute()

  await db.schema
    .createTable('projections')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('engine', 'text', (c) => c.notNull())
    .addColumn('position', times, (c) => c.notNull())
    .addColumn('board_version', times, (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('standings')
    .addColumn('dimension', 'text', (c) => c.notNull())
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('elo', real, (c) => c.notNull())
    .addColumn('votes', times, (c) => c.notNull())
    .addColumn('wins', times, (c) => c.notNull())
    .addColumn('losses', times, (c) => c.notNull())
    .addColumn('ties', times, (c) => c.notNull())
    .addColumn('both_bad', times, (c) => c.notNull())
    .addPrimaryKeyConstraint('standings_key', ['dimension', 'slug'])
    .execute()

  await db.schema
    .createTable('vote_effects')
    .addColumn('position', times, (c) => c.primaryKey())
    .addColumn('effects', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('scope', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('created_at', times, (c) => c.notNull())
    .addColumn('revoked_at', times)
    .execute()

  await db.schema
    .createTable('audit_log')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('at', times, (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .execute()
}

export const initial: Migration = { up }
