import type { Kysely } from 'kysely'
import type { Page, PageQuery } from '../../shared/schemas/common.ts'
import type { AuditEntry } from '../../shared/schemas/system.ts'
import type { Schema } from '../database/schema.ts'

/** One act of administration; its subject never holds a secret. */
export type AuditRecord = { at: number; actor: string; action: string; subject: string }

/** Who did what to what, when. */
export type AuditLog = {
  /** @param executor the transaction of the act itself, so that neither is there without the other */
  record(entry: AuditRecord, executor?: Kysely<Schema>): Promise<void>
  /** The entries, the newest first. */
  list(query: PageQuery): Promise<Page<AuditEntry>>
}
