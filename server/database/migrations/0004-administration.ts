import type { Kysely, Migration } from 'kysely'

const times = 'bigint'
const real = 'double precision'

async function up(db: Kysely<unknown>): Promise<void> {
  // What goes in and comes out at most is part of what answers, the rest is not.
  await db.schema
    .alterTable('model_versions')
    .addColumn('caps', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute()
  for (const [name, fallback] of [
    ['limits', '{}'],
    ['tags', '[]'],
    ['links', '[]'],
  ] as const) {
    await db.schema
      .alterTable('models')
      .addColumn(name, 'text', (c) => c.notNull().defaultTo(fallback))
      .execute()
  }
  await db.schema.alterTable('models').addColumn('prices', 'text').execute()
  await db.schema.alterTable('models').addColumn('paused_at', times).execute()
  await db.schema.alterTable('models').addColumn('paused_reason', 'text').execute()
  await db.schema.alterTable('answers').addColumn('reasoning', 'text').execute()
  await db.schema.alterTable('audit_log').addColumn('details', 'text').execute()

  await db.schema
    .createTable('model_activity')
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('hour', times, (c) => c.notNull())
    .addColumn('answers', 'integer', (c) => c.notNull())
    .addColumn('failures', 'integer', (c) => c.notNull())
    .addColumn('input_tokens', times, (c) => c.notNull())
    .addColumn('output_tokens', times, (c) => c.notNull())
    .addColumn('cost', real, (c) => c.notNull())
    .addColumn('first_token', 'text', (c) => c.notNull())
    .addColumn('speed', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('model_activity_key', ['slug', 'hour'])
    .execute()

  await db.schema
    .createTable('model_failures')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('at', times, (c) => c.notNull())
    .addColumn('slug', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('battle_id', 'text')
    .addColumn('turn', 'integer')
    .addColumn('side', 'text')
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('status', 'integer')
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('duration_ms', 'integer', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('model_failures_by_slug')
    .on('model_failures')
    .columns(['slug', 'id'])
    .execute()
  await db.schema.createIndex('model_failures_by_time').on('model_failures').column('at').execute()

  await db.schema
    .createTable('alerts')
    .addColumn('id', 'integer', (c) => c.primaryKey())
    .addColumn('at', times, (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('slug', 'text')
    .addColumn('message', 'text', (c) => c.notNull())
    .addColumn('resolved_at', times)
    .addColumn('acknowledged_at', times)
    .addColumn('acknowledged_by', 'text')
    .execute()

  await db.schema
    .createTable('admin_sessions')
    .addColumn('id_hash', 'text', (c) => c.primaryKey())
    .addColumn('token_id', 'text', (c) => c.notNull())
    .addColumn('created_at', times, (c) => c.notNull())
    .addColumn('expires_at', times, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('battles_by_time')
    .on('battles')
    .columns(['created_at', 'id'])
    .execute()
  for (const side of ['a', 'b'] as const) {
    await db.schema
      .createIndex(`battles_by_slug_${side}`)
      .on('battles')
      .columns([`slug_${side}`, 'created_at', 'id'])
      .execute()
  }
  await db.schema
    .createIndex('answers_by_end')
    .on('answers')
    .columns(['end_reason', 'battle_id'])
    .execute()
}

/**
 * What administrators need: limits, prices and caps of models, what answers took and cost, failures
 * and alerts, sessions of the console; and the reasoning of an answer, kept apart from its text.
 */
export const administration: Migration = { up }
