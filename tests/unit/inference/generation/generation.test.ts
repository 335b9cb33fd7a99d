import { describe, expect, it } from 'vitest'
import {
  type Delta,
  type FinishReason,
  Generation,
  type GenerationSettings,
} from '../../../../inference/generation/generation.ts'
import { loadForTest } from '../../../support/inference/models.ts'

const SETTINGS: GenerationSettings = {
  sampling: {
    temperature: 0,
    topP: 1,
    topK: 0,
    minP: 0,
    repetitionPenalty: 1,
    presencePenalty: 0,
    frequencyPenalty: 0,
  },
  promptLogprobs: null,
  seed: 1,
  stops: [],
  maxTokens: 100,
  continuing: false,
  topLogprobs: null,
}
const END = 2

interface Outcome {
  text: string
  deltas: Delta[]
  reason?: FinishReason
  completionTokens?: number
}

/** Lets a generation draw exactly these tokens, whatever the model would say. */
async function draw(
  tokens: readonly number[],
  settings: Partial<GenerationSettings> = {},
): Promise<Outcome> {
  const model = await loadForTest()
  const outcome: Outcome = { text: '', deltas: [] }
  const generation = new Generation(
    model,
    [1, 2, 3],
    { ...SETTINGS, ...settings },
    {
      delta: (delta) => {
        outcome.deltas.push(delta)
        outcome.text += delta.text
      },
      end: (reason, completionTokens) => {
        if (outcome.reason) throw new Error('ended twice')
        Object.assign(outcome, { reason, completionTokens })
      },
      fail: (error) => {
        throw error
      },
    },
  )
  for (const token of tokens) {
    const logits = new Float32Array(model.engine.vocabularySize)
    logits[token] = 20
    if (generation.accept(logits) === null) break
  }
  return outcome
}

/** One byte token a letter, in this vocabulary. */
async function letters(text: string): Promise<number[]> {
  const model = await loadForTest()
  const ids = Array.from({ length: 512 }, (_, id) => id)
  return [...new TextEncoder().encode(text)].map((byte) => {
    const id = ids.find((candidate) => {
      const bytes = model.tokens.of(candidate)
      return bytes.length === 1 && bytes[0] === byte
    })
    if (id === undefined) throw new Error(`no token for the byte ${byte}`)
    return id
  })
}

describe('Generation', () => {
  it('ends with the end token, which is counted and not said', async () => {
    const outcome = await draw([...(await letters('hi')), END, ...(await letters('never'))])
    expect(outcome).toMatchObject({ text: 'hi', reason: 'stop', completionTokens: 3 })
  })

  it('ends with its last token', async () => {
    const outcome = await draw(await letters('hello'), { maxTokens: 4 })
    expect(outcome).toMatchObject({ text: 'hell', reason: 'length', completionTokens: 4 })
  })

  it('ends with a stop string, and says nothing of it', async () => {
    const outcome = await draw(await letters('one STOP two'), { stops: ['STOP'] })
    expect(outcome).toMatchObject({ text: 'one ', reason: 'stop', completionTokens: 8 })
  })

  it('says what was held back when it ends for another reason', async () => {
    expect((await draw([...(await letters('a STO')), END], { stops: ['STOP'] })).text).toBe('a STO')
    expect((await draw(await letters('a STO'), { stops: ['STOP'], maxTokens: 5 })).text).toBe(
      'a STO',
    )
  })

  it('never splits a character, and marks one that the last token cut', async () => {
    const outcome = await draw([...(await letters('😀')), END])
    expect(outcome.deltas.map(({ text }) => text)).toEqual(['😀'])
    expect((await draw(await letters('😀'), { maxTokens: 3 })).text).toBe('\ufffd')
  })

  it('tells log-probabilities with the text of their tokens, one for each that was drawn', async () => {
    const outcome = await draw([...(await letters('a😀')), END], { topLogprobs: 2 })
    expect(outcome.deltas.map(({ logprobs }) => logprobs.length)).toEqual([1, 4])
    const [first] = outcome.deltas[0]?.logprobs ?? []
    expect(first).toMatchObject({ token: 'a', bytes: [97] })
    // All other 511 logits are 0.
    expect(first?.logprob).toBeCloseTo(20 - Math.log(Math.exp(20) + 511), 6)
    expect(first?.top_logprobs).toHaveLength(2)
    expect(first?.top_logprobs[0]).toMatchObject({ token: 'a', logprob: first?.logprob })
    expect(
      outcome.deltas.flatMap(({ logprobs }) => logprobs.flatMap(({ bytes }) => bytes)),
    ).toEqual([...new TextEncoder().encode('a😀')])
  })

  it("tells the model's own probabilities, not those that the penalty leaves", async () => {
    const plain = await draw(await letters('aa'), { topLogprobs: 0, maxTokens: 2 })
    const penalized = await draw(await letters('aa'), {
      topLogprobs: 0,
      maxTokens: 2,
      sampling: { ...SETTINGS.sampling, repetitionPenalty: 2 },
    })
    expect(penalized.deltas).toEqual(plain.deltas)
  })

  it('reserves room for prompt and answer', async () => {
    const model = await loadForTest()
    const listener = { delta: () => {}, end: () => {}, fail: () => {} }
    expect(new Generation(model, [1, 2, 3], SETTINGS, listener).reservedTokens).toBe(103)
  })
})
