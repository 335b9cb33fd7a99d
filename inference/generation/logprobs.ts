import type { TokenBytes } from '../text/token-bytes.ts'
import { topCandidates } from './top-candidates.ts'

/** A token with its log-probability, in the words of OpenAI's API. */
interface TokenLogprob {
  readonly token: string
  readonly logprob: number
  readonly bytes: number[]
}

/** As above, with the likeliest tokens of its position. */
export interface ContentLogprob extends TokenLogprob {
  readonly top_logprobs: TokenLogprob[]
}

/** Below any probability that is told apart; JSON has no minus infinity. */
const LEAST_LOGPROB = -9999

/**
 * The log-probabilities of one position, from the model's own logits: before penalty, temperature
 * and truncation. Returns a function, because the token is drawn afterwards from logits that the
 * penalties have changed.
 */
export function positionLogprobs(
  logits: Float32Array,
  tokens: TokenBytes,
  topCount: number,
): (chosen: number) => ContentLogprob {
  const raw = logits.slice()
  const logprobOf = logProbabilities(raw)
  const describe = (id: number): TokenLogprob => {
    const bytes = tokens.of(id)
    return { token: new TextDecoder().decode(bytes), logprob: logprobOf(id), bytes: [...bytes] }
  }
  const top = topCandidates(raw, topCount).map(({ id }) => describe(id))
  return (chosen) => ({ ...describe(chosen), top_logprobs: top })
}

/** The log-probability of each token under these logits, which must stay as they are. */
export function logProbabilities(logits: Float32Array): (id: number) => number {
  const total = logSumExp(logits)
  return (id) => Math.max((logits[id] ?? -Infinity) - total, LEAST_LOGPROB)
}

/** In double precision, and from the largest down so that nothing overflows. */
function logSumExp(logits: Float32Array): number {
  const max = logits.reduce((left, right) => Math.max(left, right), -Infinity)
  return max + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - max), 0))
}
