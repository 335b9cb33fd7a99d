import type { Random } from './random.ts'
import { type Candidate, largest, topCandidates } from './top-candidates.ts'

/** How the next token is drawn. Neutral values switch a part off. */
export interface Sampling {
  /** 0 always takes the likeliest token. */
  readonly temperature: number
  /** Share of the probability that stays; neutral: 1. */
  readonly topP: number
  /** Number of tokens that stay; neutral: 0. Never more than `MAX_CANDIDATES`. */
  readonly topK: number
  /** Least probability, as a share of the likeliest token's; neutral: 0. */
  readonly minP: number
  /** Divides what speaks for tokens already in the text, the prompt's included; neutral: 1. */
  readonly repetitionPenalty: number
  /** Taken from the logit of every token that the answer has already; neutral: 0. */
  readonly presencePenalty: number
  /** Taken once for every time that the answer has it; neutral: 0. */
  readonly frequencyPenalty: number
}

/** Tokens looked at beyond the likeliest; what lies below holds next to no probability. */
const MAX_CANDIDATES = 256

/** Draws tokens for one answer. */
export class Sampler {
  readonly #sampling: Sampling
  readonly #random: Random
  readonly #seen: Set<number>
  /** How often the answer has each token. */
  readonly #written = new Map<number, number>()

  constructor(sampling: Sampling, random: Random, promptIds: readonly number[]) {
    this.#sampling = sampling
    this.#random = random
    this.#seen = new Set(sampling.repetitionPenalty === 1 ? [] : promptIds)
  }

  /** The next token's id. Changes `logits`. Throws when none can be chosen. */
  next(logits: Float32Array): number {
    penalize(logits, this.#seen, this.#sampling.repetitionPenalty)
    lower(logits, this.#written, this.#sampling)
    const id = this.#sampling.temperature === 0 ? largest(logits) : this.#draw(logits)
    if (id < 0) throw new Error('the model gave no finite logits')
    if (this.#sampling.repetitionPenalty !== 1) this.#seen.add(id)
    this.#written.set(id, (this.#written.get(id) ?? 0) + 1)
    return id
  }

  #draw(logits: Float32Array): number {
    const { temperature, topK } = this.#sampling
    const candidates = topCandidates(
      logits,
      topK > 0 ? Math.min(topK, MAX_CANDIDATES) : MAX_CANDIDATES,
    )
    return pick(truncate(weigh(candidates, temperature), this.#sampling), this.#random())
  }
}

interface Weighed {
  readonly id: number
  readonly probability: number
}

function penalize(logits: Float32Array, seen: ReadonlySet<number>, penalty: number): void {
  for (const id of seen) {
    const logit = logits[id] ?? 0
    logits[id] = logit > 0 ? logit / penalty : logit * penalty
  }
}

/** The penalties of OpenAI's API, which look at the answer alone. */
function lower(
  logits: Float32Array,
  written: ReadonlyMap<number, number>,
  { presencePenalty, frequencyPenalty }: Sampling,
): void {
  if (presencePenalty === 0 && frequencyPenalty === 0) return
  for (const [id, count] of written) {
    logits[id] = (logits[id] ?? 0) - presencePenalty - frequencyPenalty * count
  }
}

function weigh(candidates: readonly Candidate[], temperature: number): Weighed[] {
  const top = candidates[0]?.logit ?? NaN
  if (!Number.isFinite(top)) return []
  const weights = candidates.map(({ logit }) => Math.exp((logit - top) / temperature))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return candidates.map(({ id }, index) => ({ id, probability: (weights[index] ?? 0) / sum }))
}

/** Keeps the head of a list that falls; the likeliest token always stays. */
function truncate(weighed: readonly Weighed[], { topP, minP }: Sampling): Weighed[] {
  const least = minP * (weighed[0]?.probability ?? 0)
  const kept: Weighed[] = []
  let before = 0
  for (const candidate of weighed) {
    if (kept.length > 0 && (before >= topP || candidate.probability < least)) break
    kept.push(candidate)
    before += candidate.probability
  }
  return kept
}

function pick(weighed: readonly Weighed[], random: number): number {
  const sum = weighed.reduce((total, { probability }) => total + probability, 0)
  let left = random * sum
  for (const { id, probability } of weighed) {
    left -= probability
    if (left < 0) return id
  }
  return weighed.at(-1)?.id ?? -1
}
