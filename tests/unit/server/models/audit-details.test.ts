import { describe, expect, test } from 'vitest'
import { changesOf } from '../../../../server/models/audit-details.ts'
import { keepsKey } from '../../../../server/models/change.ts'
import { keyContext } from '../../../../server/models/model.ts'
import type { ProviderDefinition } from '../../../../shared/schemas/model.ts'
import { makeModel } from '../../../support/providers/model.ts'

describe('what an act changed', () => {
  test('is told field by field, from what to what', () => {
    const before = makeModel({ tags: ['a'], limits: { costPerDay: 1 } }, { sampling: { topK: 1 } })
    const after = makeModel(
      { name: 'Two', tags: ['a', 'b'], prices: { inputPerMillion: 1, outputPerMillion: 2 } },
      { version: 2, sampling: { topK: 1, seed: 3 } },
    )
    expect(changesOf(before, after)).toEqual({
      name: { from: 'One', to: 'Two' },
      version: { from: 1, to: 2 },
      tags: { from: ['a'], to: ['a', 'b'] },
      'limits.costPerDay': { from: 1, to: null },
      'prices.inputPerMillion': { from: null, to: 1 },
      'prices.outputPerMillion': { from: null, to: 2 },
      'sampling.seed': { from: null, to: 3 },
    })
    expect(changesOf(before, before)).toEqual({})
  })

  test('never says what a key is', () => {
    const [none, one, two] = [null, 'sealed one', 'sealed two'].map((sealedKey) =>
      makeModel({ sealedKey }),
    ) as [ReturnType<typeof makeModel>, ReturnType<typeof makeModel>, ReturnType<typeof makeModel>]
    expect(changesOf(none, one)).toEqual({ apiKey: 'added' })
    expect(changesOf(one, two)).toEqual({ apiKey: 'changed' })
    expect(changesOf(two, none)).toEqual({ apiKey: 'removed' })
    expect(changesOf(undefined, one)).toMatchObject({ apiKey: 'added' })
    expect(JSON.stringify(changesOf(undefined, one))).not.toContain('sealed')
  })

  test('is shortened, also where that cuts through a character', () => {
    const after = makeModel({}, { systemPrompt: `${'x'.repeat(199)}🚀${'y'.repeat(50)}` })
    expect(changesOf(makeModel(), after)).toEqual({
      systemPrompt: { from: null, to: `${'x'.repeat(199)}… (251 characters)` },
    })
  })
})

describe('a key', () => {
  const anthropic = (baseUrl?: string): ProviderDefinition => ({
    kind: 'anthropic',
    model: 'm',
    ...(baseUrl === undefined ? {} : { baseUrl }),
  })

  test("is for an address, also where that is the company's own", () => {
    expect(keepsKey(anthropic(), anthropic())).toBe(true)
    expect(keepsKey(anthropic(), anthropic('https://elsewhere.example'))).toBe(false)
    expect(keepsKey(anthropic(), { ...anthropic(), kind: 'google' })).toBe(false)
    expect(keyContext('a', anthropic())).not.toBe(
      keyContext('a', anthropic('https://elsewhere.example')),
    )
    expect(keyContext('a', anthropic())).not.toBe(keyContext('b', anthropic()))
  })
})
