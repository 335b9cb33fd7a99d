import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeSchema, registrationSchema } from '../../../../shared/schemas/model.ts'
import { trySchema } from '../../../../shared/schemas/admin.ts'
import { changeOf, registrationOf, tryOf } from '../../../../client/admin/form/body.ts'
import { draftOf, emptyDraft, type Draft } from '../../../../client/admin/form/draft.ts'
import { faultsOf } from '../../../../client/admin/form/faults.ts'
import { fieldOf } from '../../../../client/admin/form/fields.ts'
import { adminModel } from './models.ts'

const FILLED: Draft = {
  ...emptyDraft(),
  'provider.baseUrl': ' https://api.example/v1 ',
  'provider.model': 'alpha-1',
  slug: 'alpha',
  name: 'Alpha',
  organization: 'Makers',
  license: 'MIT',
}

const bodyOf = (built: ReturnType<typeof registrationOf>) => {
  if (!built.ok) throw new Error(JSON.stringify(built.faults))
  return built.value
}
const pathsOf = (built: { ok: boolean; faults?: readonly { path: string | null }[] }) =>
  built.faults?.map(({ path }) => path)

describe('what registers a model', () => {
  it('holds what was filled in and nothing else', () => {
    expect(bodyOf(registrationOf(FILLED))).toEqual({
      provider: {
        kind: 'openai-compatible',
        baseUrl: 'https://api.example/v1',
        model: 'alpha-1',
      },
      slug: 'alpha',
      name: 'Alpha',
      organization: 'Makers',
      license: 'MIT',
      weight: 1,
      enabled: true,
    })
  })

  it('nests, counts and lists what belongs so, as the schema wants it', () => {
    const body = bodyOf(
      registrationOf({
        ...FILLED,
        'sampling.temperature': '0.7',
        'limits.tokensPerDay': '2 000_000',
        'prices.inputPerMillion': '2.5',
        'prices.outputPerMillion': '10',
        'limits.costPerDay': '.5',
        'provider.extra': '{"reasoning_effort": "low"}',
        tags: 'open weights, small,',
        links:
          'Model card https://example.com/card\n\nPaper, https://example.com/a,b\nCode,https://c.example',
        answerPrefix: ' Well, ',
        enabled: 'false',
      }),
    )
    expect(body).toMatchObject({
      sampling: { temperature: 0.7 },
      limits: { tokensPerDay: 2_000_000, costPerDay: 0.5 },
      tags: ['open weights', 'small'],
      links: [
        { label: 'Model card', url: 'https://example.com/card' },
        { label: 'Paper', url: 'https://example.com/a,b' },
        { label: 'Code', url: 'https://c.example' },
      ],
      answerPrefix: ' Well, ',
      enabled: false,
    })
    expect(registrationSchema.parse(body)).toEqual(body)
  })

  it('names everything that is missing or cannot be read at once', () => {
    const built = registrationOf({
      ...emptyDraft(),
      'sampling.temperature': '0,7',
      'provider.extra': '[1]',
      links: 'nothing',
    })
    expect(pathsOf(built)?.toSorted()).toEqual(
      [
        'license',
        'links',
        'name',
        'organization',
        'provider.baseUrl',
        'provider.extra',
        'provider.model',
        'sampling.temperature',
        'slug',
      ].toSorted(),
    )
  })

  it('asks for a key where a company wants one, and sends nothing that its kind does not know', () => {
    const anthropic = { ...FILLED, 'provider.kind': 'anthropic', 'provider.dialect': 'openai' }
    expect(pathsOf(registrationOf(anthropic))).toEqual(['provider.apiKey'])
    const embedded = { ...FILLED, 'provider.kind': 'onnx', 'provider.apiKey': 'left over' }
    expect(bodyOf(registrationOf(embedded))['provider']).toEqual({ kind: 'onnx', model: 'alpha-1' })
  })
})

describe('what changes a model', () => {
  const changed = (change: Partial<Draft>, model = adminModel()) =>
    changeOf(model, { ...draftOf(model), ...change })
  const valueOf = (built: ReturnType<typeof changeOf>) => {
    if (!built.ok) throw new Error(JSON.stringify(built.faults))
    return built.value
  }

  it('is nothing for a model as it is, whatever it is', () => {
    const models = [
      adminModel(),
      adminModel({
        provider: {
          kind: 'openai-compatible',
          model: 'm',
          baseUrl: 'https://api.example/v1',
          hasApiKey: false,
          dialect: 'azure',
          apiVersion: '2024-10-21',
          extra: { a: { b: [1, 'two'] } },
        },
        sampling: { temperature: 0, seed: 7 },
        tags: ['a', 'b c'],
        links: [{ label: 'A b', url: 'https://example.com/' }],
        systemPrompt: '  kept as it is\n',
      }),
    ]
    for (const model of models) {
      expect(valueOf(changed({}, model))).toMatchObject({ body: {}, paths: [], newVersion: false })
    }
  })

  it('holds only what is other, and says whether a version comes of it', () => {
    expect(valueOf(changed({ weight: '2', name: 'Alpha ' }))).toEqual({
      body: { weight: 2 },
      paths: ['weight'],
      newVersion: false,
      dropsKey: false,
    })
    expect(valueOf(changed({ systemPrompt: 'Be brief.' }))).toMatchObject({
      body: { systemPrompt: 'Be brief.' },
      newVersion: true,
    })
    expect(valueOf(changed({ 'provider.apiKey': 'new' }))).toMatchObject({
      body: { provider: { apiKey: 'new' } },
      newVersion: false,
      dropsKey: false,
    })
  })

  it('sends sampling whole, of other groups what is other, and clears what is emptied', () => {
    const model = adminModel({
      sampling: { temperature: 0.5, topP: 0.9 },
      prices: { inputPerMillion: 1, outputPerMillion: 2 },
      limits: { tokensPerDay: 10, costPerDay: 2, requestsPerMinute: 4 },
      description: 'Old words.',
      tags: ['x'],
    })
    const { body } = valueOf(
      changed(
        {
          'sampling.temperature': '0.7',
          'prices.inputPerMillion': '',
          'prices.outputPerMillion': '',
          'limits.tokensPerDay': '20',
          'limits.costPerDay': '',
          description: ' ',
          tags: '',
        },
        model,
      ),
    )
    expect(body).toEqual({
      sampling: { temperature: 0.7, topP: 0.9 },
      prices: null,
      limits: { tokensPerDay: 20, costPerDay: null },
      description: null,
      tags: null,
    })
    expect(changeSchema.parse(body)).toEqual(body)
  })

  it('names nothing of a group that was not touched, were it the last of it', () => {
    const model = adminModel({ limits: { tokensPerDay: 10 }, caps: { maxOutputTokens: 5 } })
    const { body } = valueOf(
      changed({ 'limits.tokensPerDay': '', 'prices.inputPerMillion': '3' }, model),
    )
    // `limits: null` would take away what a colleague has set meanwhile.
    expect(body).toEqual({ limits: { tokensPerDay: null }, prices: { inputPerMillion: 3 } })
    expect(changeSchema.parse(body)).toEqual(body)
  })

  it('says when the stored key is dropped, and asks for one where none can be done without', () => {
    expect(valueOf(changed({ 'provider.baseUrl': 'https://other.example/v1' }))).toMatchObject({
      dropsKey: true,
      newVersion: true,
      body: { provider: { baseUrl: 'https://other.example/v1' } },
    })
    const anthropic = adminModel({
      provider: { kind: 'anthropic', model: 'm', hasApiKey: true },
    })
    expect(pathsOf(changed({ 'provider.baseUrl': 'https://other.example' }, anthropic))).toEqual([
      'provider.apiKey',
    ])
  })

  it('goes back to the address of the company itself when its own is emptied', () => {
    const moved = adminModel({
      provider: { kind: 'google', model: 'm', baseUrl: 'https://g.example/v1', hasApiKey: true },
    })
    expect(pathsOf(changed({ 'provider.baseUrl': '' }, moved))).toEqual(['provider.apiKey'])
    const emptied = { 'provider.baseUrl': ' ', 'provider.apiKey': 'k-2' }
    const { body, newVersion, dropsKey } = valueOf(changed(emptied, moved))
    expect(body).toEqual({ provider: { baseUrl: null, apiKey: 'k-2' } })
    expect({ newVersion, dropsKey }).toEqual({ newVersion: true, dropsKey: false })
    expect(changeSchema.parse(body)).toEqual(body)
    const tried = tryOf({ ...draftOf(moved), ...emptied }, '', moved)
    expect(tried).toMatchObject({ ok: true, value: { provider: { baseUrl: null } } })
    if (tried.ok) expect(trySchema.safeParse(tried.value).success).toBe(true)
    // An address that nobody else knows cannot be left out.
    expect(pathsOf(changed({ 'provider.baseUrl': '' }))).toEqual(['provider.baseUrl'])
  })

  it('leaves no field empty that always holds something', () => {
    expect(pathsOf(changed({ weight: '', name: '' }))?.toSorted()).toEqual(['name', 'weight'])
  })
})

describe('what tries a model', () => {
  it('is what would answer; a registered one lends its key', () => {
    const fresh = tryOf({ ...FILLED, 'sampling.temperature': '0.2' }, ' Hello ')
    expect(fresh).toMatchObject({ ok: true })
    if (fresh.ok) {
      expect(fresh.value).toEqual({
        provider: {
          kind: 'openai-compatible',
          baseUrl: 'https://api.example/v1',
          model: 'alpha-1',
        },
        sampling: { temperature: 0.2 },
        prompt: 'Hello',
      })
      expect(trySchema.safeParse(fresh.value).success).toBe(true)
    }
    const model = adminModel({ systemPrompt: 'Old.', sampling: { seed: 1 } })
    const again = tryOf({ ...draftOf(model), systemPrompt: '', 'sampling.seed': '' }, '', model)
    expect(again).toMatchObject({
      ok: true,
      value: { slug: 'alpha', systemPrompt: null, sampling: {} },
    })
    if (again.ok) expect(trySchema.safeParse(again.value).success).toBe(true)
  })
})

describe('a refusal of the arena', () => {
  it('finds its field', () => {
    expect(fieldOf('sampling.temperature')).toBe('sampling.temperature')
    expect(fieldOf('links.0.url')).toBe('links')
    expect(fieldOf('provider.extra.model')).toBe('provider.extra')
    expect(fieldOf('prices')).toBe('prices.inputPerMillion')
    expect(fieldOf('nothing.like.it')).toBeNull()
    expect(faultsOf({ field: 'slug', message: 'slug: is taken' })).toEqual([
      { path: 'slug', message: 'is taken' },
    ])
    expect(faultsOf({ field: 'links.1.url', message: 'links.1.url: must be an address' })).toEqual([
      { path: 'links', message: 'Link 2: must be an address' },
    ])
    expect(faultsOf({ message: 'Not now.' })).toEqual([{ path: null, message: 'Not now.' }])
  })

  it('is shown at all fields that it names, once at each', () => {
    expect(
      faultsOf({
        field: 'links.0.url',
        message: 'links.0.url: must be an address',
        fields: [
          { field: 'links.0.url', message: 'must be an address' },
          { field: 'links.1.label', message: 'must not be empty' },
          { field: 'prices.outputPerMillion', message: 'is missing' },
          { field: 'provider.extra.model', message: 'is set by the arena' },
          { field: 'color', message: 'there is no such field' },
        ],
      }),
    ).toEqual([
      { path: 'links', message: 'Link 1: must be an address; Link 2: must not be empty' },
      { path: 'prices.outputPerMillion', message: 'is missing' },
      { path: 'provider.extra', message: 'model: is set by the arena' },
      { path: null, message: 'color: there is no such field' },
    ])
  })

  it('is never sought among inherited names', () => {
    fc.assert(
      fc.property(fc.constantFrom('constructor', '__proto__', 'toString'), (name) => {
        expect(fieldOf(name)).toBeNull()
      }),
    )
  })
})
