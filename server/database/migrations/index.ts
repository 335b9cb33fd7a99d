import type { Migration } from 'kysely'
import { initial } from './0001-initial.ts'
import { classification } from './0002-classification.ts'
import { ratingHistory } from './0003-rating-history.ts'
import { administration } from './0004-administration.ts'

/** Every migration, in order, as a static list: it works bundled, and on every platform. */
export const migrations: Record<string, Migration> = {
  '0001-initial': initial,
  '0002-classification': classification,
  '0003-rating-history': ratingHistory,
  '0004-administration': administration,
}
