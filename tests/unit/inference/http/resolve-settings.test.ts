import { describe, expect, it } from 'vitest'
import { parseChatRequest } from '../../../../inference/http/chat-request.ts'
import { resolveSettings } from '../../../../inference/http/resolve-settings.ts'
import type { GenerationConfig } from '../../../../inference/loading/model-configs.ts'

const resolve = (fields: object, recommended: GenerationConfig = {}, room = 10_000) =>
  resolveSettings(
    parseChatRequest({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...fields }),
    recommended,
    room,
  )

describe('resolveSettings', () => {
  it('is neutral when nobody says anything', () => {
    expect(resolve({})).toMatchObject({
      sampling: { temperature: 1, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 },
      stops: [],
      maxTokens: 1024,
      continuing: false,
      topLogprobs: null,
    })
  })

  it('follows the maker where the request says nothing, and the request otherwise', () => {
    const recommended = {
      temperature: 0.6,
      top_p: 0.95,
      top_k: 20,
      min_p: 0.05,
      repetition_penalty: 1.1,
      max_new_tokens: 7,
    }
    expect(resolve({}, recommended)).toMatchObject({
      sampling: { temperature: 0.6, topP: 0.95, topK: 20, minP: 0.05, repetitionPenalty: 1.1 },
      maxTokens: 7,
    })
    const asked = {
      temperature: 0,
      top_p: 1,
      top_k: 0,
      min_p: 0,
      repetition_penalty: 1,
      max_tokens: 9,
    }
    expect(resolve(asked, recommended)).toMatchObject({
      sampling: { temperature: 0, topP: 1, topK: 0, minP: 0, repetitionPenalty: 1 },
      maxTokens: 9,
    })
  })

  it('is greedy where the maker says so and nobody asks for a temperature', () => {
    expect(resolve({}, { do_sample: false, temperature: 0.6 }).sampling.temperature).toBe(0)
    expect(resolve({ temperature: 0.3 }, { do_sample: false }).sampling.temperature).toBe(0.3)
  })

  it('never promises more tokens than the context has room for', () => {
    expect(resolve({ max_tokens: 50 }, {}, 20).maxTokens).toBe(20)
    expect(resolve({}, {}, 20).maxTokens).toBe(20)
    expect(resolve({ max_completion_tokens: 3, max_tokens: 50 }, {}, 20).maxTokens).toBe(3)
  })

  it('makes a list of stops and counts log-probabilities', () => {
    expect(resolve({ stop: 'a' }).stops).toEqual(['a'])
    expect(resolve({ stop: ['a', 'b'] }).stops).toEqual(['a', 'b'])
    expect(resolve({ logprobs: true }).topLogprobs).toBe(0)
    expect(resolve({ logprobs: true, top_logprobs: 3 }).topLogprobs).toBe(3)
    expect(resolve({ logprobs: false }).topLogprobs).toBeNull()
  })

  it('keeps a seed that was asked for and makes one otherwise', () => {
    expect(resolve({ seed: 0 }).seed).toBe(0)
    expect(resolve({}).seed).not.toBe(resolve({}).seed)
  })
})
