import { describe, expect, test } from 'vitest'
import { createAnswering } from '../../../../server/models/answering.ts'
import type { EmbeddedState } from '../../../../server/models/embedded.ts'
import { createLimitGate } from '../../../../server/models/limits.ts'
import type { Model, ModelVersion } from '../../../../server/models/model.ts'
import { modelsReadiness } from '../../../../server/models/readiness.ts'
import { createRoster } from '../../../../server/models/roster.ts'
import { SEED_REGISTRATIONS, seedModels } from '../../../../server/models/seed.ts'
import { ProviderError, type ProviderErrorKind } from '../../../../server/providers/provider.ts'
import { registrationSchema, type Registration } from '../../../../shared/schemas/model.ts'
import { ManualSchedule } from '../../../support/providers/manual-schedule.ts'
import { readAnswer } from '../../../support/providers/provider-server.ts'

function local(slug: string, kind: 'onnx' | 'openai-compatible' = 'onnx'): Model {
  const provider =
    kind === 'onnx' ? { kind, model: 'm' } : { kind, model: 'm', baseUrl: 'https://x.test' }
  const current: ModelVersion = {
    version: 1,
    createdAt: 0,
    provider,
    systemPrompt: null,
    answerPrefix: null,
    sampling: {},
    caps: {},
  }
  return {
    slug,
    name: slug,
    organization: 'O',
    license: 'MIT',
    description: null,
    weight: 1,
    enabled: true,
    paused: null,
    limits: {},
    prices: null,
    tags: [],
    links: [],
    sealedKey: null,
    createdAt: 0,
    updatedAt: 0,
    retired: null,
    current,
    versions: new Map([[1, current]]),
  }
}

const NO_RECORD = {
  firstToken: () => undefined,
  succeeded: () => undefined,
  failed: () => undefined,
  aborted: () => undefined,
}

function setUp(...models: Model[]) {
  const embedded = { current: 'ready' as EmbeddedState, failing: false, otherFolders: false }
  const view = {
    state: () => embedded.current,
    isFailing: () => embedded.failing,
    serves: () => embedded.current === 'ready' && !embedded.otherFolders,
  }
  const roster = createRoster({
    isRunning: ({ current }) => current.provider.kind !== 'onnx' || embedded.current === 'ready',
    probe: () => Promise.resolve(false),
    schedule: new ManualSchedule().schedule,
    now: () => 0,
  })
  for (const model of models) roster.put(model)
  let kind: ProviderErrorKind = 'interrupted'
  const answer = createAnswering({
    roster,
    embedded: view,
    gate: createLimitGate({ now: () => 0, spentToday: () => ({ tokens: 0, cost: 0 }) }),
    activity: { begin: () => NO_RECORD },
    failures: { record: () => undefined },
    timeouts: { connectMs: 1000, firstTokenMs: 1000, gapMs: 1000, totalMs: 1000 },
    now: () => 0,
    schedule: new ManualSchedule().schedule,
    providerOf: () => () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new ProviderError(kind, 'x')) }),
    }),
  })
  return {
    roster,
    readiness: () => modelsReadiness(roster, view),
    /** The folder that the models want is not among those that are served. */
    serveOthers: () => (embedded.otherFolders = true),
    enter: (state: EmbeddedState, failing = false) => {
      embedded.current = state
      embedded.failing = failing
      roster.changed()
    },
    fail: async (slug: string, times: number, how: ProviderErrorKind) => {
      kind = how
      for (let index = 0; index < times; index += 1) {
        const parts = answer({ slug, version: 1 }, [{ prompt: 'x' }], new AbortController().signal)
        await expect(readAnswer(parts)).rejects.toMatchObject({ kind: how })
      }
      return roster.breaker(slug).health().failuresInARow
    },
  }
}

describe('failures of the embedded inference', () => {
  test('count, but not when it is only busy or not ready', async () => {
    const { fail, enter } = setUp(local('one'))
    expect(await fail('one', 10, 'overloaded')).toBe(0)
    enter('restarting')
    expect(await fail('one', 10, 'interrupted')).toBe(0)
    enter('ready')
    expect(await fail('one', 3, 'interrupted')).toBe(3)
  })

  test('of anybody else count when busy, too', async () => {
    const { fail, roster } = setUp(local('far', 'openai-compatible'))
    expect(await fail('far', 8, 'overloaded')).toBe(8)
    expect(roster.eligible()).toEqual([])
  })

  test('of an older version say nothing about the present one', async () => {
    const { fail, roster } = setUp(local('one'))
    const model = local('one')
    const second = { ...model.current, version: 2 }
    roster.put({ ...model, current: second, versions: new Map([...model.versions, [2, second]]) })
    expect(await fail('one', 10, 'interrupted')).toBe(0)
  })
})

describe('readiness', () => {
  test.each<[string, EmbeddedState, boolean, Model[], string, number]>([
    ['two that can be drawn', 'ready', false, [local('a'), local('b')], 'ready', 2],
    ['still loading', 'starting', false, [local('a'), local('b')], 'warming', 0],
    ['coming back', 'restarting', false, [local('a'), local('b')], 'warming', 0],
    ['ending again and again', 'restarting', true, [local('a'), local('b')], 'none', 0],
    ['switched off', 'stopped', false, [local('a'), local('b')], 'none', 0],
    ['nobody', 'ready', false, [], 'none', 0],
    ['one alone', 'starting', false, [local('a')], 'none', 0],
    ['one without weight', 'ready', false, [local('a'), { ...local('b'), weight: 0 }], 'none', 1],
    [
      'others while loading',
      'starting',
      false,
      [local('a'), local('b', 'openai-compatible'), local('c', 'openai-compatible')],
      'ready',
      2,
    ],
  ])('%s', (_, state, failing, models, expected, ready) => {
    const { enter, readiness } = setUp(...models)
    enter(state, failing)
    expect(readiness()).toMatchObject({ state: expected, ready })
    if (expected !== 'ready') expect(readiness().detail).toMatch(/\w/)
  })

  test('the list of the eligible is made once, not at each draw', () => {
    const { roster } = setUp(local('a'), local('b'))
    expect(roster.eligible()).toBe(roster.eligible())
    const before = roster.eligible()
    roster.put({ ...local('b'), enabled: false })
    expect(roster.eligible()).not.toBe(before)
  })
})

describe('the seed', () => {
  test('is six valid registrations, and only an empty registry gets them', async () => {
    expect(SEED_REGISTRATIONS).toHaveLength(6)
    for (const one of SEED_REGISTRATIONS) expect(registrationSchema.parse(one)).toEqual(one)
    const registered: Registration[] = []
    const service = {
      list: () => ({ items: [] as never[], nextCursor: null }),
      register: (input: Registration) => {
        registered.push(input)
        return Promise.resolve({} as never)
      },
    }
    await seedModels(service)
    expect(registered).toEqual(SEED_REGISTRATIONS)
    await seedModels({ ...service, list: () => ({ items: [{} as never], nextCursor: null }) })
    expect(registered).toHaveLength(6)
  })
})

test('models whose folder is not served are told of, without a name', () => {
  const { readiness, serveOthers } = setUp(local('one'), local('two'))
  expect(readiness().detail).toBeNull()
  serveOthers()
  expect(readiness().detail).toBe('2 of 2 models want a model folder that is not served')
})
