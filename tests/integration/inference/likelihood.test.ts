import { describe, expect, it } from 'vitest'
import { TINY, goldenLikelihood, loadForTest } from '../../support/inference/models.ts'
import { chatBody, post, startServer } from '../../support/inference/server.ts'

type Position = Record<string, { logprob: number; rank: number; decoded_token: string }> | null
type Scored = { prompt_logprobs: Position[]; usage: { prompt_tokens: number } }

describe('prompt_logprobs', () => {
  it('tells how likely every token of the prompt was, and the likeliest in its place', async () => {
    const { url } = await startServer()
    const ask = async (fields: object) =>
      (await (await post(url, chatBody({ max_tokens: 1, ...fields }))).json()) as Scored
    const messages = [
      { role: 'user', content: 'a b c' },
      { role: 'assistant', content: 'd e' },
    ]
    const fields = { messages, continue_final_message: true }
    const { prompt_logprobs: positions, usage } = await ask({ ...fields, prompt_logprobs: 3 })
    expect(positions).toHaveLength(usage.prompt_tokens)
    expect(positions[0]).toBeNull()
    for (const position of positions.slice(1)) {
      const places = Object.values(position ?? {}).toSorted((a, b) => a.rank - b.rank)
      expect(places.slice(0, 3).map(({ rank }) => rank)).toEqual([1, 2, 3])
      expect(places.length).toBeLessThanOrEqual(4)
      places.reduce((before, { logprob }) => {
        expect(logprob).toBeLessThanOrEqual(before)
        return logprob
      }, 0)
    }
    // Asked again the prompt is known; its likelihood is told all the same, and is the same.
    expect((await ask({ ...fields, prompt_logprobs: 3 })).prompt_logprobs).toEqual(positions)
    expect(await ask(fields)).not.toHaveProperty('prompt_logprobs')
  })

  it('agrees with the golden likelihood where the prompt is the same', async () => {
    const { engine } = await loadForTest()
    const [pair] = goldenLikelihood(TINY).pairs
    const ids = [...(pair?.prompt_ids ?? []), ...(pair?.continuation_ids ?? [])]
    const rows = await engine.prefillAll(engine.open(), ids)
    pair?.token_logprobs.forEach((expected, index) => {
      const at = pair.prompt_ids.length + index
      const row = rows[at - 1] ?? new Float32Array(0)
      const max = row.reduce((left, right) => Math.max(left, right), -Infinity)
      const sum = row.reduce((total, logit) => total + Math.exp(logit - max), 0)
      expect((row[ids[at] ?? -1] ?? NaN) - max - Math.log(sum)).toBeCloseTo(expected, 2)
    })
  })
})
