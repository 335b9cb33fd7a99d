import { normal } from '../../../shared/ratings/draws.ts'
import {
  OUTCOME_A,
  OUTCOME_B,
  OUTCOME_BOTH_BAD,
  OUTCOME_TIE,
} from '../../../shared/ratings/outcomes.ts'
import { mulberry32 } from '../../../shared/ratings/random.ts'
import { VoteTable } from '../../../shared/ratings/vote-table.ts'

export type LogSize = {
  readonly votes: number
  readonly models: number
  /** 0: nobody is known to have voted twice. */
  readonly voters: number
  readonly dimensions?: number
  readonly style?: boolean
  readonly languages?: number
}

const SEED = 20_26
/** Davidson's ν, and the share of ties that are "both bad". */
const NU = 0.5
const BOTH_BAD = 0.4

/**
 * A log of votes from a seed: strengths with a deviation of 150 Elo, models that came later have
 * fewer votes, the active tenth of the voters gives half of the votes, ties after Davidson's law.
 */
export function simulatedLog({
  votes,
  models,
  voters,
  dimensions = 1,
  style = false,
  languages = 0,
}: LogSize): VoteTable {
  const random = mulberry32(SEED)
  const table = new VoteTable({
    dimensions: ['accuracy', 'helpfulness', 'language'].slice(0, dimensions),
  })
  const names = Array.from({ length: models }, (_, k) => `model-${String(k).padStart(4, '0')}`)
  const voterNames = Array.from({ length: voters }, (_, k) => `voter-${k}`)
  const languageNames = Array.from({ length: languages }, (_, k) => `l${k}`)
  const theta = Float64Array.from({ length: models }, () => (normal(random) * 150) / 173.7)
  const outcomes: number[] = []
  const looks: number[] = []
  for (let vote = 0; vote < votes; vote += 1) {
    const i = Math.floor(models * random() ** 1.5)
    const other = Math.floor((models - 1) * random() ** 1.2)
    const j = other >= i ? other + 1 : other
    const win = Math.exp((theta[i]! - theta[j]!) / 2)
    const all = win + 1 / win + NU
    for (let d = 0; d < dimensions; d += 1) {
      const u = random() * all
      if (u < win) outcomes[d] = OUTCOME_A
      else if (u < win + 1 / win) outcomes[d] = OUTCOME_B
      else outcomes[d] = random() < BOTH_BAD ? OUTCOME_BOTH_BAD : OUTCOME_TIE
    }
    if (style) for (let k = 0; k < 8; k += 1) looks[k] = Math.floor(random() * (k < 2 ? 900 : 12))
    // u^3.3: half of the votes come from the first tenth.
    const voter = voters === 0 ? null : voterNames[Math.floor(voters * random() ** 3.3)]!
    const swapped = random() < 0.5
    table.append({
      modelA: names[swapped ? j : i]!,
      modelB: names[swapped ? i : j]!,
      outcomes: swapped ? outcomes.map(mirrored) : outcomes,
      voter,
      ...(style ? { style: looks } : {}),
      ...(languages === 0
        ? {}
        : { language: languageNames[Math.floor(languages * random() ** 2)]! }),
    })
  }
  return table
}

function mirrored(outcome: number): number {
  if (outcome === OUTCOME_A) return OUTCOME_B
  return outcome === OUTCOME_B ? OUTCOME_A : outcome
}
