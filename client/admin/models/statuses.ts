import type { ModelStatus } from '../../../shared/schemas/model.ts'

const RANKS: Readonly<Record<ModelStatus, number>> = {
  failing: 0,
  'on-trial': 1,
  cooling: 2,
  limited: 3,
  'not-running': 4,
  paused: 5,
  unweighted: 6,
  ready: 7,
  retired: 8,
}

/** Where a status stands when the worst comes first. */
export const statusRank = (status: ModelStatus): number => RANKS[status]

/** All statuses, the worst first. */
export const MODEL_STATUS_ORDER = (Object.keys(RANKS) as ModelStatus[]).toSorted(
  (left, right) => RANKS[left] - RANKS[right],
)

/** How a status is toned, beside its word and its icon. */
export const STATUS_TONES: Readonly<Record<ModelStatus, 'good' | 'warn' | 'bad' | 'quiet'>> = {
  failing: 'bad',
  'on-trial': 'warn',
  cooling: 'warn',
  limited: 'warn',
  'not-running': 'warn',
  paused: 'quiet',
  unweighted: 'quiet',
  ready: 'good',
  retired: 'quiet',
}
