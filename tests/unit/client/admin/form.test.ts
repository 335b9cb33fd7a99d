import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { providerSchema, slugSchema } from '../../../../shared/schemas/model.ts'
import { emptyDraft } from '../../../../client/admin/form/draft.ts'
import {
  choosePreset,
  PRESETS,
  suggestName,
  suggestSlug,
} from '../../../../client/admin/form/presets.ts'
import { allows } from '../../../../client/admin/scope.ts'
import { IDLE, withEnd, withEvent } from '../../../../client/admin/try/try-state.ts'
import { versionLines } from '../../../../client/admin/model/versions.ts'

describe('a preset', () => {
  it('fills in what the arena takes', () => {
    for (const preset of PRESETS) {
      const draft = { ...emptyDraft(), ...choosePreset(emptyDraft(), 'other', preset.id) }
      const baseUrl = draft['provider.baseUrl']
      const provider = {
        kind: preset.kind,
        model: 'm',
        ...(preset.kind === 'onnx' ? {} : { apiKey: 'key' }),
        ...(baseUrl === '' ? {} : { baseUrl }),
        ...(draft['provider.dialect'] === '' ? {} : { dialect: draft['provider.dialect'] }),
      }
      if (preset.id === 'other') continue
      expect(providerSchema.safeParse(provider).error, preset.id).toBeUndefined()
    }
  })

  it('takes back what another filled in, and leaves what was typed', () => {
    const openai = { ...emptyDraft(), ...choosePreset(emptyDraft(), 'other', 'openai') }
    const mistral = { ...openai, ...choosePreset(openai, 'openai', 'mistral') }
    expect(mistral).toMatchObject({
      'provider.baseUrl': 'https://api.mistral.ai/v1',
      'provider.dialect': 'mistral',
      organization: 'Mistral AI',
    })
    const typed = { ...openai, 'provider.baseUrl': 'https://proxy.example', organization: 'Us' }
    expect({ ...typed, ...choosePreset(typed, 'openai', 'anthropic') }).toMatchObject({
      'provider.kind': 'anthropic',
      'provider.baseUrl': 'https://proxy.example',
      organization: 'Us',
    })
  })
})

describe('a suggested slug', () => {
  it.each([
    ['meta-llama/Llama-3.1-8B-Instruct:free', 'llama-3.1-8b-instruct-free'],
    ['gpt-5', 'gpt-5'],
    ['Größtes Modell', 'gro-tes-modell'],
    ['a--b__c', 'a-b_c'],
    ['/', ''],
  ])('of %s is %s', (id, slug) => {
    expect(suggestSlug(id)).toBe(slug)
  })

  it('is one, or none at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (id) => {
        const slug = suggestSlug(id)
        expect(slug === '' || slugSchema.safeParse(slug).success, slug).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9._/ -]{1,90}$/), (id) => {
        const slug = suggestSlug(id)
        expect(slug === '' || slugSchema.safeParse(slug).success, slug).toBe(true)
      }),
    )
  })

  it('comes with a name', () => {
    expect(suggestName('meta-llama/Llama-3.1')).toBe('Llama-3.1')
  })
})

describe('a try', () => {
  it('gathers what comes', () => {
    let state = { ...IDLE, phase: 'running' as const } as typeof IDLE
    state = withEvent(state, { type: 'connected', afterMs: 20 }, 21)
    state = withEvent(state, { type: 'reasoning', text: 'Hm' }, 30)
    state = withEvent(state, { type: 'text', text: 'Hel' }, 40)
    state = withEvent(state, { type: 'text', text: 'lo' }, 50)
    expect(state).toMatchObject({
      phase: 'running',
      connectedMs: 20,
      firstSeenMs: 30,
      reasoning: 'Hm',
      text: 'Hello',
    })
    const end = {
      type: 'end' as const,
      reason: 'stop' as const,
      firstTokenMs: 29,
      totalMs: 60,
      tokensPerSecond: null,
      usage: null,
    }
    expect(withEnd(withEvent(state, end, 60), false, 'cut')).toMatchObject({
      phase: 'answered',
      end: { reason: 'stop', firstTokenMs: 29 },
    })
    expect(withEnd(state, true, 'cut').phase).toBe('stopped')
    expect(withEnd(state, false, 'cut')).toMatchObject({
      phase: 'failed',
      text: 'Hello',
      error: { message: 'cut', hint: null },
    })
  })

  it('passes over what a later arena tells', () => {
    expect(withEvent(IDLE, { type: 'weather' } as never, 1)).toEqual(IDLE)
  })
})

describe('versions', () => {
  const ratings = { accuracy: null, helpfulness: null, language: null, overall: null }
  const version = (number: number, temperature: number) => ({
    version: number,
    from: '2026-01-01T00:00:00.000Z',
    until: null,
    sampling: { temperature },
    ratings,
    history: [],
  })

  it('tell what differs from the log, and without it what everybody may know', () => {
    const versions = [version(2, 0.7), version(1, 0.5)]
    const log = [
      {
        id: 2,
        at: '2026-01-02T00:00:00.000Z',
        actor: 'Rosa',
        action: 'model.change',
        subject: 'model alpha',
        details: { systemPrompt: { from: null, to: 'Be brief.' }, version: { from: 1, to: 2 } },
      },
    ]
    expect(versionLines(versions, log).map(({ actor, changes }) => ({ actor, changes }))).toEqual([
      {
        actor: 'Rosa',
        changes: [{ field: 'systemPrompt', kind: 'change', from: null, to: 'Be brief.' }],
      },
      { actor: null, changes: [] },
    ])
    expect(versionLines(versions, [])[0]?.changes).toEqual([
      { field: 'sampling.temperature', kind: 'change', from: '0.5', to: '0.7' },
    ])
  })
})

describe('a scope', () => {
  it('allows what it and lesser ones may', () => {
    expect(allows('admin', 'operator')).toBe(true)
    expect(allows('operator', 'operator')).toBe(true)
    expect(allows('operator', 'admin')).toBe(false)
    expect(allows('read', 'operator')).toBe(false)
    expect(allows('judge', 'operator')).toBe(false)
  })
})
