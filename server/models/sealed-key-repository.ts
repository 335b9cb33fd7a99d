import type { Kysely } from 'kysely'
import type { ProviderDefinition } from '../../shared/schemas/model.ts'
import type { AuditLog, AuditRecord } from '../admin/audit.ts'
import type { Schema } from '../database/schema.ts'

/** A provider's key as it is stored, with what it was sealed for. */
export type SealedKeyRow = {
  readonly slug: string
  readonly provider: ProviderDefinition
  readonly sealedKey: string
}

/** What can be done while nobody else writes. */
export type SealedKeyWriter = {
  readonly rows: readonly SealedKeyRow[]
  readonly write: (slug: string, sealedKey: string) => Promise<void>
  readonly record: (entry: AuditRecord) => Promise<void>
}

/** The sealed keys of all models, also of the retired. */
export type SealedKeyRepository = {
  list(): Promise<SealedKeyRow[]>
  /**
   * Acts while no other process writes to the database, so that two who change keys at once go one
   * after the other. All of it is written, or nothing.
   */
  exclusively<T>(act: (writer: SealedKeyWriter) => Promise<T>): Promise<T>
}

export function createSealedKeyRepository(
  kysely: Kysely<Schema>,
  audit: Pick<AuditLog, 'record'>,
): SealedKeyRepository {
  async function list(executor: Kysely<Schema> = kysely): Promise<SealedKeyRow[]> {
    const rows = await executor
      .selectFrom('models')
      .innerJoin('model_versions', (join) =>
        join
          .onRef('model_versions.slug', '=', 'models.slug')
          .onRef('model_versions.version', '=', 'models.version'),
      )
      .select(['models.slug', 'model_versions.provider', 'models.sealed_key'])
      .where('models.sealed_key', 'is not', null)
      .orderBy('models.slug')
      .execute()
    return rows.map((row) => ({
      slug: row.slug,
      provider: JSON.parse(row.provider) as ProviderDefinition,
      sealedKey: row.sealed_key ?? '',
    }))
  }

  return {
    list: () => list(),

    exclusively(act) {
      return kysely.transaction().execute(async (trx) => {
        // Changes nothing, but takes the lock: what is read after it stays so to the end.
        await trx.updateTable('models').set({ sealed_key: null }).where('slug', '=', '').execute()
        return act({
          rows: await list(trx),
          async write(slug, sealedKey) {
            await trx
              .updateTable('models')
              .set({ sealed_key: sealedKey })
              .where('slug', '=', slug)
              .execute()
          },
          record: (entry) => audit.record(entry, trx),
        })
      })
    },
  }
}
