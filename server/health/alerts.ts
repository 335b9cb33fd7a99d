import type { Alert, AlertKind } from '../../shared/schemas/admin.ts'
import type { Page, PageQuery } from '../../shared/schemas/common.ts'

export type AlertQuery = PageQuery & { active: '0' | '1' }

/** What an administrator should know of: raised once while it holds, resolved when it is over. */
export type Alerts = {
  /** @param slug the model that it is about, or null */
  raise(kind: AlertKind, slug: string | null, message: string): void
  resolve(kind: AlertKind, slug: string | null): void
  isActive(kind: AlertKind, slug: string | null): boolean
  /** The newest first. */
  list(query: AlertQuery): Promise<Page<Alert>>
  /** @returns undefined if there is no such alert */
  acknowledge(id: number, actor: string): Promise<Alert | undefined>
  load(): Promise<void>
  stop(): Promise<void>
}
