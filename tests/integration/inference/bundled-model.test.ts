import { describe, expect, it } from 'vitest'
import { BUNDLED_MODELS } from '../../support/inference/models.ts'
import { startServer } from '../../support/inference/server.ts'

describe('the model that comes with Trivium', () => {
  it('knows the capital of Japan, and goes on with an answer begun', async () => {
    const { client } = await startServer({ modelsDirectory: BUNDLED_MODELS })
    const [model] = (await client.models.list()).data
    expect(model?.id).toBe('smollm2-135m-instruct')
    const messages = [
      { role: 'system', content: 'Answer in one short sentence.' } as const,
      { role: 'user', content: 'What is the capital of Japan?' } as const,
    ]
    const settings = { model: model?.id ?? '', temperature: 0, max_tokens: 24 }
    const stream = await client.chat.completions.create({ ...settings, messages, stream: true })
    let answer = ''
    for await (const chunk of stream) answer += chunk.choices[0]?.delta.content ?? ''
    expect(answer).toContain('Tokyo')

    const beginning = { role: 'assistant', content: 'The capital of Japan is' } as const
    const extension = { continue_final_message: true }
    const continued = await client.chat.completions.create({
      ...settings,
      ...extension,
      messages: [...messages, beginning],
    })
    // A word of its own: with the space before it, and without what was there already.
    expect(continued.choices[0]?.message.content).toMatch(/^ Tokyo/u)
  })
})
