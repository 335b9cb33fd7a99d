import type { Kysely } from 'kysely'
import type { Page, PageQuery } from '../../shared/schemas/common.ts'
import type { AuditEntry } from '../../shared/schemas/system.ts'
import type { Schema } from '../database/schema.ts'

/** One act of administration; neither its subject nor its details ever hold a secret. */
export type AuditRecord = {
  at: number
  actor: string
  action: string
  /** What it was done to: its kind and its name, such as `model my-model`. */
  subject: string
  /** What was changed, field by field. */
  details?: Record<string, unknown> | undefined
}

/** Which entries are asked for. */
export type AuditQuery = PageQuery & {
  action?: string | undefined
  /** A subject with or without its kind: `model my-model`, or `my-model`. */
  subject?: string | undefined
  /** `0`: without what changes nothing, the tries and tests of models. */
  tries?: '0' | '1' | undefined
}

/** Who did what to what, when. */
export type AuditLog = {
  /** @param executor the transaction of the act itself, so that neither is there without the other */
  record(entry: AuditRecord, executor?: Kysely<Schema>): Promise<void>
  /** The entries, the newest first. */
  list(query: AuditQuery): Promise<Page<AuditEntry>>
}
