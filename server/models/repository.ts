import type { Kysely, Selectable, Transaction } from 'kysely'
import type {
  Caps,
  ModelLimits,
  ModelLink,
  Prices,
  ProviderDefinition,
  Sampling,
} from '../../shared/schemas/model.ts'
import type { AuditLog } from '../admin/audit.ts'
import type { Schema } from '../database/schema.ts'
import type { AuditDetails } from './audit-details.ts'
import type { Model, ModelVersion } from './model.ts'

/** Who did what, recorded in the same transaction as the change itself. */
export type Act = {
  readonly actor: string
  readonly action: string
  readonly details?: AuditDetails | undefined
}

/** Where models are kept. */
export type ModelRepository = {
  loadAll(): Promise<Model[]>
  /**
   * Adds models, all in one transaction.
   *
   * @returns those that were added; one was not if its slug is in use, by whoever
   */
  insertAll(models: readonly Model[], actOf: (model: Model) => Act): Promise<readonly Model[]>
  /**
   * Writes the model's row and, if it is a new one, its current version.
   *
   * @param keyChanged whether the provider's key is another one; else it is left as it is stored,
   *   since it may have been sealed anew since this model was read
   */
  update(model: Model, act: Act, keyChanged: boolean): Promise<void>
}

export function createModelRepository(kysely: Kysely<Schema>, audit: AuditLog): ModelRepository {
  const insertVersion = (trx: Transaction<Schema>, model: Model) => {
    const { version, createdAt, provider, systemPrompt, answerPrefix, sampling, caps } =
      model.current
    return trx
      .insertInto('model_versions')
      .values({
        slug: model.slug,
        version,
        provider: JSON.stringify(provider),
        system_prompt: systemPrompt,
        answer_prefix: answerPrefix,
        sampling: JSON.stringify(sampling),
        caps: JSON.stringify(caps),
        created_at: createdAt,
      })
      .onConflict((conflict) => conflict.columns(['slug', 'version']).doNothing())
      .execute()
  }
  const record = (trx: Transaction<Schema>, model: Model, act: Act) =>
    audit.record({ at: model.updatedAt, ...act, subject: `model ${model.slug}` }, trx)

  return {
    async loadAll() {
      const rows = await kysely.selectFrom('models').selectAll().orderBy('slug').execute()
      const versions = await kysely
        .selectFrom('model_versions')
        .selectAll()
        .orderBy('slug')
        .orderBy('version')
        .execute()
      return rows.map((row) =>
        toModel(
          row,
          versions.filter(({ slug }) => slug === row.slug),
        ),
      )
    },

    insertAll(models, actOf) {
      return kysely.transaction().execute(async (trx) => {
        const inserted: Model[] = []
        for (const model of models) {
          const { numInsertedOrUpdatedRows } = await trx
            .insertInto('models')
            .values({
              slug: model.slug,
              created_at: model.createdAt,
              sealed_key: model.sealedKey,
              ...changeable(model),
            })
            .onConflict((conflict) => conflict.column('slug').doNothing())
            .executeTakeFirstOrThrow()
          if (numInsertedOrUpdatedRows !== 1n) continue
          await insertVersion(trx, model)
          await record(trx, model, actOf(model))
          inserted.push(model)
        }
        return inserted
      })
    },

    update(model, act, keyChanged) {
      return kysely.transaction().execute(async (trx) => {
        const values = {
          ...changeable(model),
          ...(keyChanged ? { sealed_key: model.sealedKey } : {}),
        }
        await trx.updateTable('models').set(values).where('slug', '=', model.slug).execute()
        await insertVersion(trx, model)
        await record(trx, model, act)
      })
    },
  }
}

function changeable(model: Model) {
  return {
    name: model.name,
    organization: model.organization,
    license: model.license,
    description: model.description,
    weight: model.weight,
    enabled: model.enabled ? 1 : 0,
    paused_at: model.paused?.at ?? null,
    paused_reason: model.paused?.reason ?? null,
    limits: JSON.stringify(model.limits),
    prices: model.prices === null ? null : JSON.stringify(model.prices),
    tags: JSON.stringify(model.tags),
    links: JSON.stringify(model.links),
    version: model.current.version,
    updated_at: model.updatedAt,
    retired_at: model.retired?.at ?? null,
    retired_reason: model.retired?.reason ?? null,
  }
}

function toModel(
  row: Selectable<Schema['models']>,
  versionRows: readonly Selectable<Schema['model_versions']>[],
): Model {
  const versions = new Map(versionRows.map((version) => [version.version, toVersion(version)]))
  const current = versions.get(row.version)
  if (current === undefined) throw new Error(`model ${row.slug} has no version ${row.version}`)
  return {
    slug: row.slug,
    name: row.name,
    organization: row.organization,
    license: row.license,
    description: row.description,
    weight: row.weight,
    enabled: row.enabled !== 0,
    paused: row.paused_at === null ? null : { at: row.paused_at, reason: row.paused_reason },
    limits: JSON.parse(row.limits) as ModelLimits,
    prices: row.prices === null ? null : (JSON.parse(row.prices) as Prices),
    tags: JSON.parse(row.tags) as string[],
    links: JSON.parse(row.links) as ModelLink[],
    sealedKey: row.sealed_key,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    retired: row.retired_at === null ? null : { at: row.retired_at, reason: row.retired_reason },
    current,
    versions,
  }
}

function toVersion(row: Selectable<Schema['model_versions']>): ModelVersion {
  return {
    version: row.version,
    createdAt: row.created_at,
    provider: JSON.parse(row.provider) as ProviderDefinition,
    systemPrompt: row.system_prompt,
    answerPrefix: row.answer_prefix,
    sampling: JSON.parse(row.sampling) as Sampling,
    caps: JSON.parse(row.caps) as Caps,
  }
}
