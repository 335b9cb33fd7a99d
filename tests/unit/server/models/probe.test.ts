import { describe, expect, test } from 'vitest'
import type { Use } from '../../../../server/health/activity.ts'
import { createProbe } from '../../../../server/models/probe.ts'
import { ProviderError, type AnswerPart } from '../../../../server/providers/provider.ts'
import { makeModel } from '../../../support/providers/model.ts'

/** Probes a provider that says these parts, and then fails if there is a cause. */
async function probe(parts: readonly AnswerPart[], cause?: Error) {
  const paid: Use[] = []
  const busy: number[] = []
  let time = 0
  const ask = createProbe({
    providerOf: () =>
      async function* () {
        await Promise.resolve()
        for (const part of parts) {
          time += 100
          yield part
        }
        if (cause !== undefined) throw cause
      },
    clock: () => time,
    onPaid: (_slug, use) => paid.push(use),
    onBusy: (_model, ms) => busy.push(ms),
  })
  return { result: await ask(makeModel()), paid, busy }
}

describe('a probe', () => {
  test('tells when the first token came, and what it took', async () => {
    const end: AnswerPart = { end: 'stop', usage: { promptTokens: 4, completionTokens: 6 } }
    const { result, paid } = await probe([{ reasoning: 'Hm.' }, { text: 'Hello.' }, end])
    expect(result).toEqual({ ok: true, firstTokenMs: 100 })
    expect(paid).toEqual([{ inputTokens: 4, outputTokens: 6 }])
  })

  test('is paid for by an estimate where the provider reports nothing, or breaks off', async () => {
    const answered = await probe([{ text: 'Hello ' }, { text: 'you.' }, { end: 'stop' }])
    // The question has 17 characters.
    expect(answered.paid).toEqual([{ inputTokens: 5, outputTokens: 3 }])
    const broken = await probe([{ text: 'Hel' }], new ProviderError('connect', 'it was reset'))
    expect(broken.paid).toEqual([{ inputTokens: 5, outputTokens: 1 }])
    const silent = await probe([], new ProviderError('timeout', 'nothing came'))
    expect(silent.paid).toEqual([{ inputTokens: 5, outputTokens: 0 }])
  })

  test('of a model that only thinks in so few tokens is a success', async () => {
    const cause = new ProviderError('empty', 'no text', { cause: 'length' })
    expect((await probe([], cause)).result).toEqual({ ok: true })
  })

  test('that fails says why, and how long the provider wants to be left alone', async () => {
    const cause = new ProviderError('overloaded', 'HTTP 429', { retryAfterMs: 9000, status: 429 })
    const { result, busy, paid } = await probe([], cause)
    expect(result).toEqual({ ok: false, error: 'overloaded: HTTP 429' })
    expect(busy).toEqual([9000])
    expect(paid).toEqual([])
  })
})
