import type { TokenBytes } from '../text/token-bytes.ts'
import { logProbabilities } from './logprobs.ts'
import { topCandidates } from './top-candidates.ts'

/** How likely a token of the prompt was, and its place among all; in the words of vLLM's API. */
interface PromptLogprob {
  readonly logprob: number
  /** 1 is the likeliest. */
  readonly rank: number
  readonly decoded_token: string
}

/** For every token of the prompt, by token id: itself and the likeliest at its place; first null. */
export type PromptLogprobs = (Readonly<Record<string, PromptLogprob>> | null)[]

/** What was known of the token `actual` before it came, from the logits of the place before it. */
export function promptPosition(
  logits: Float32Array,
  tokens: TokenBytes,
  actual: number,
  topCount: number,
): Readonly<Record<string, PromptLogprob>> {
  const logprobOf = logProbabilities(logits)
  const own = logits[actual] ?? -Infinity
  const rank = logits.reduce((better, logit) => (logit > own ? better + 1 : better), 1)
  const describe = (id: number, place: number): [string, PromptLogprob] => [
    String(id),
    {
      logprob: logprobOf(id),
      rank: place,
      decoded_token: new TextDecoder().decode(tokens.of(id)),
    },
  ]
  const top = topCandidates(logits, topCount).map(({ id }, index) => describe(id, index + 1))
  return Object.fromEntries([...top, describe(actual, rank)])
}
