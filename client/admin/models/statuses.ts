import type { AdminModel, ModelStatus } from '../../../shared/schemas/model.ts'
import { errorShareOf } from './figures.ts'

const RANKS: Readonly<Record<ModelStatus, number>> = {
  failing: 0,
  limited: 2,
  cooling: 3,
  'not-running': 4,
  'on-trial': 5,
  ready: 6,
  paused: 7,
  unweighted: 8,
  retired: 9,
}
/** Of models that are drawn all the same, right after those that fail: visitors may meet them. */
const TROUBLED_RANK = 1

/** More than this share of failed answers is bad. */
export const BAD_ERROR_SHARE = 0.2

/** A model's place when the worst comes first: one digit. What is paused on purpose comes late. */
export function troubleRank(model: AdminModel): number {
  const share = errorShareOf(model.activity) ?? 0
  return model.status === 'ready' && (failedProbe(model) !== null || share > BAD_ERROR_SHARE)
    ? TROUBLED_RANK
    : RANKS[model.status]
}

/** What the last probe of a model that counts as ready found wrong; null where nothing is. */
export function failedProbe({ status, health }: AdminModel): string | null {
  const { lastProbe } = health
  return status === 'ready' && lastProbe?.ok === false ? (lastProbe.error ?? '') : null
}

/** Whether a battle can begin with this model now. */
export const canBeDrawn = ({ status, weight }: AdminModel): boolean =>
  (status === 'ready' || status === 'on-trial') && weight > 0

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
