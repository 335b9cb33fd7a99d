import { describe, expect, it } from 'vitest'
import { greedy, logprobs } from '../../../support/inference/greedy.ts'
import {
  BUNDLED,
  type GoldenPrompt,
  TINY,
  goldenContinuations,
  goldenLikelihood,
  loadForTest,
} from '../../../support/inference/models.ts'

/** Where two logits come closer than this, another order of additions may swap them. */
const upToFirstClose = ({ output_ids, first_close }: GoldenPrompt): number[] =>
  output_ids.slice(0, first_close ?? output_ids.length)

describe('tiny-random', () => {
  it('writes every golden continuation', async () => {
    const { engine } = await loadForTest(TINY)
    for (const prompt of goldenContinuations(TINY).prompts) {
      const expected = upToFirstClose(prompt)
      const written = await greedy(engine, prompt.prompt_ids, expected.length)
      expect({ name: prompt.name, written }).toEqual({ name: prompt.name, written: expected })
    }
  })

  it('finds every golden continuation as likely as it was', async () => {
    const { engine } = await loadForTest(TINY)
    const { pairs } = goldenLikelihood(TINY)
    expect(pairs).toHaveLength(20)
    for (const { prompt_ids, continuation_ids, token_logprobs } of pairs) {
      const found = await logprobs(engine, prompt_ids, continuation_ids)
      found.forEach((logprob, index) =>
        expect(Math.abs(logprob - (token_logprobs[index] ?? NaN))).toBeLessThan(0.001),
      )
    }
  })
})

// A few prompts each, chosen for their kinds; all of them take minutes.
describe('smollm2-135m-instruct', () => {
  it('writes golden continuations with exact activations', async () => {
    const { engine } = await loadForTest(BUNDLED, 'model_q4_exact')
    const chosen = ['capital', 'turns-long', 'japanese']
    for (const prompt of goldenContinuations(BUNDLED, '_exact').prompts) {
      if (!chosen.includes(prompt.name)) continue
      const expected = upToFirstClose(prompt)
      const written = await greedy(engine, prompt.prompt_ids, expected.length)
      expect({ name: prompt.name, written }).toEqual({ name: prompt.name, written: expected })
    }
  })

  it('follows golden continuations with quantised activations where nothing is close', async () => {
    const { engine } = await loadForTest(BUNDLED)
    const { prompts, safe_margin } = goldenContinuations(BUNDLED)
    let compared = 0
    for (const { name, prompt_ids, output_ids, margins } of prompts) {
      if (!['gravity', 'code-python', 'turns-system'].includes(name)) continue
      const tokens = await greedy(engine, prompt_ids, output_ids.length, output_ids)
      for (const [index, margin] of margins.entries()) {
        if (margin < safe_margin) continue
        expect([name, index, tokens[index]]).toEqual([name, index, output_ids[index]])
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(30)
  })
})
