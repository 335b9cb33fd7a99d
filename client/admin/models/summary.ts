import { MODEL_STATUS_ORDER } from './statuses.ts'
import type { AdminModel, ModelStatus } from '../../../shared/schemas/model.ts'

/** All models in one line. */
export type Summary = {
  /** How many have which status, the worst first; statuses that nobody has are left out. */
  readonly statuses: readonly { readonly status: ModelStatus; readonly models: number }[]
  /** US dollars; null where no model has prices. */
  readonly costToday: number | null
  readonly costTotal: number | null
  readonly tokensToday: number
  /** Of the last 24 hours. */
  readonly answers: number
  readonly failures: number
  readonly inFlight: number
}

/** Sums the models up. Retired ones cost what they cost, but are counted only where they are shown. */
export function summarize(models: readonly AdminModel[]): Summary {
  const sum = (of: (model: AdminModel) => number) =>
    models.reduce((total, model) => total + of(model), 0)
  const sumKnown = (of: (model: AdminModel) => number | null) => {
    const known = models.flatMap((model) => of(model) ?? [])
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0)
  }
  return {
    statuses: MODEL_STATUS_ORDER.map((status) => ({
      status,
      models: models.filter((model) => model.status === status).length,
    })).filter(({ models }) => models > 0),
    costToday: sumKnown(({ activity }) => activity.costToday),
    costTotal: sumKnown(({ activity }) => activity.costTotal),
    tokensToday: sum(({ activity }) => activity.tokensToday),
    answers: sum(({ activity }) => activity.answers),
    failures: sum(({ activity }) => activity.failures),
    inFlight: sum(({ activity }) => activity.inFlight),
  }
}
