import type { Page } from '../../shared/schemas/common.ts'
import type { ModelFailure } from '../../shared/schemas/admin.ts'
import type { Side } from '../../shared/verdicts.ts'

/** An answer that could not be had. */
export type FailureEntry = {
  readonly slug: string
  readonly version: number
  readonly battleId: string | null
  readonly turn: number | null
  readonly side: Side | null
  readonly kind: string
  /** The HTTP status, where there was one. */
  readonly status: number | null
  readonly message: string
  readonly durationMs: number
}

export type FailureQuery = {
  readonly limit: number
  readonly cursor?: string | undefined
  readonly model?: string | undefined
  readonly kind?: string | undefined
  readonly battleId?: string | undefined
}

/** Why answers could not be had: kept 30 days, and 20,000 of them at most. */
export type FailureLog = {
  record(entry: FailureEntry): void
  /** The newest first. */
  list(query: FailureQuery): Promise<Page<ModelFailure>>
  get(id: number): Promise<ModelFailure | undefined>
  flush(): Promise<void>
  stop(): Promise<void>
}
