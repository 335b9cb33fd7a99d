import type OpenAI from 'openai'
import { APIUserAbortError, BadRequestError, NotFoundError } from 'openai'
import { describe, expect, it } from 'vitest'
import { goldenContinuations, TINY } from '../../support/inference/models.ts'
import { ENDLESS, TINY_ID, idle, startServer } from '../../support/inference/server.ts'

const { prompts } = goldenContinuations(TINY)
const joke = prompts.find(({ name }) => name === 'joke')
const recipe = prompts.find(({ name }) => name === 'recipe')
const greedy = { model: TINY_ID, messages: [ENDLESS], temperature: 0, max_tokens: 16 }

describe('the official client', () => {
  it('lists models', async () => {
    const { client } = await startServer()
    const { data } = await client.models.list()
    expect(data.map(({ id, object }) => [id, object])).toEqual([[TINY_ID, 'model']])
    expect(await client.models.retrieve(TINY_ID)).toEqual(data[0])
    expect(Number.isInteger(data[0]?.created)).toBe(true)
    await expect(client.models.retrieve('nobody')).rejects.toBeInstanceOf(NotFoundError)
  })

  it('gets a whole answer', async () => {
    const { client } = await startServer()
    const answer = await client.chat.completions.create({ ...greedy, max_tokens: 48 })
    expect(answer).toMatchObject({ object: 'chat.completion', model: TINY_ID })
    expect(answer.choices).toHaveLength(1)
    expect(answer.choices[0]).toMatchObject({
      index: 0,
      message: { role: 'assistant', content: joke?.output_text },
      finish_reason: 'length',
    })
    const promptTokens = joke?.prompt_ids.length ?? NaN
    expect(answer.usage).toEqual({
      prompt_tokens: promptTokens,
      completion_tokens: 48,
      total_tokens: promptTokens + 48,
    })
  })

  it('gets an answer that the model ends', async () => {
    const { client } = await startServer()
    const answer = await client.chat.completions.create({
      ...greedy,
      messages: recipe?.messages ?? [],
    })
    expect(answer.choices[0]?.finish_reason).toBe('stop')
    expect(answer.choices[0]?.message.content).toBe(recipe?.output_text)
    expect(answer.usage?.completion_tokens).toBe(recipe?.output_ids.length)
  })

  it('gets the same answer as a stream: the role, the text, the reason, the usage', async () => {
    const { client } = await startServer()
    const stream = await client.chat.completions.create({
      ...greedy,
      max_tokens: 48,
      stream: true,
      stream_options: { include_usage: true },
    })
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of stream) chunks.push(chunk)

    expect(new Set(chunks.map(({ id, object }) => `${id} ${object}`)).size).toBe(1)
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe(
      joke?.output_text,
    )
    expect(chunks.length).toBeGreaterThan(10)
    const reasons = chunks.map(({ choices }) => choices[0]?.finish_reason ?? null)
    expect(reasons.filter((reason) => reason !== null)).toEqual(['length'])
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'length' })
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 48 } })
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true)
  })

  it('gets no usage that it did not ask for', async () => {
    const { client } = await startServer()
    const stream = await client.chat.completions.create({ ...greedy, stream: true })
    for await (const chunk of stream) expect(chunk).not.toHaveProperty('usage')
  })

  it('gets log-probabilities', async () => {
    const { client } = await startServer()
    const answer = await client.chat.completions.create({
      ...greedy,
      max_tokens: 5,
      logprobs: true,
      top_logprobs: 3,
    })
    const content = answer.choices[0]?.logprobs?.content ?? []
    expect(content).toHaveLength(5)
    for (const { token, logprob, top_logprobs } of content) {
      expect(logprob).toBeLessThanOrEqual(0)
      expect(top_logprobs).toHaveLength(3)
      // Greedy: the token drawn is the likeliest.
      expect(top_logprobs[0]).toMatchObject({ token, logprob })
    }
  })

  it('stops before a stop string', async () => {
    const { client } = await startServer()
    const whole = joke?.output_text ?? ''
    const stop = whole.slice(8, 12)
    const answer = await client.chat.completions.create({
      ...greedy,
      max_tokens: 48,
      stop: [stop, 'never'],
    })
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: whole.slice(0, whole.indexOf(stop)) },
    })
  })

  it('is told errors as its own classes', async () => {
    const { client } = await startServer()
    const ask = (fields: object) => client.chat.completions.create({ ...greedy, ...fields })
    await expect(ask({ model: 'nobody' })).rejects.toMatchObject({
      constructor: NotFoundError,
      code: 'model_not_found',
      param: 'model',
      type: 'invalid_request_error',
    })
    await expect(ask({ temperature: 3 })).rejects.toMatchObject({
      constructor: BadRequestError,
      param: 'temperature',
    })
    await expect(ask({ n: 2 })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_value',
      param: 'n',
    })
    const long = [{ role: 'user', content: 'word '.repeat(3000) }]
    await expect(ask({ messages: long })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
    })
    const endless = [{ role: 'user', content: 'a'.repeat(200_000) }]
    await expect(ask({ messages: endless })).rejects.toMatchObject({
      code: 'context_length_exceeded',
    })
  })

  it('may abort in the middle of a stream, which frees the place', async () => {
    const server = await startServer({ limits: { maxActive: 1, maxWaiting: 0 } })
    const { client, scheduler } = server
    const stream = await client.chat.completions.create({
      ...greedy,
      max_tokens: 1900,
      stream: true,
    })
    let received = 0
    let active = 0
    for await (const chunk of stream) {
      received += chunk.choices[0]?.delta.content ? 1 : 0
      if (received !== 3) continue
      active = scheduler.activeCount
      stream.controller.abort()
    }
    expect(active).toBe(1)
    await idle(server)
    expect(received).toBeLessThan(1000)
    expect((await client.chat.completions.create(greedy)).usage?.completion_tokens).toBe(16)
  })

  it('may abort while it waits for a whole answer', async () => {
    const server = await startServer()
    const controller = new AbortController()
    const { client, scheduler } = server
    const answer = client.chat.completions.create(
      { ...greedy, max_tokens: 1900 },
      { signal: controller.signal },
    )
    const outcome = Promise.allSettled([answer])
    while (scheduler.activeCount === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    expect((await outcome)[0]).toMatchObject({ reason: expect.any(APIUserAbortError) })
    await idle(server)
  })
})

describe('continue_final_message', () => {
  const list = prompts.find(({ name }) => name === 'list')
  // An answer of this model whose text is tokenised into the very tokens that it was drawn as.
  const whole = list?.output_text ?? ''

  it.each([3, 12, 18])(
    'goes on after %i characters and returns only what comes new',
    async (cut) => {
      const { client } = await startServer()
      const beginning = { role: 'assistant', content: whole.slice(0, cut) } as const
      const extension = { continue_final_message: true, add_generation_prompt: false }
      const continued = await client.chat.completions.create({
        ...greedy,
        ...extension,
        max_tokens: 48,
        messages: [...(list?.messages ?? []), beginning],
      })
      expect(whole.startsWith(' we we we we we')).toBe(true)
      expect(continued.choices[0]?.message.content).toBe(whole.slice(cut))
      const { prompt_tokens: promptTokens, completion_tokens: completionTokens } =
        continued.usage ?? {}
      // Nothing between the two: what is not in the prompt was drawn.
      expect((promptTokens ?? NaN) + (completionTokens ?? NaN)).toBe(
        (list?.prompt_ids.length ?? NaN) + (list?.output_ids.length ?? NaN),
      )
    },
  )
})

describe('seed', () => {
  const sampled = { ...greedy, temperature: 1.5, max_tokens: 40 }

  it('draws the same answer again, also while others are answered', async () => {
    const { client } = await startServer()
    const ask = async (seed: number) =>
      (await client.chat.completions.create({ ...sampled, seed })).choices[0]?.message.content
    const alone = await ask(5)
    const together = await Promise.all([5, 1, 5, 2, 3].map(ask))
    expect(together[0]).toBe(alone)
    expect(together[2]).toBe(alone)
    expect(new Set(together).size).toBe(4)
  })
})
