import type { Model, ModelVersion } from '../../../server/models/model.ts'

/** A model of a registry, with only that said of it which matters to a test. */
export function makeModel(more: Partial<Model> = {}, what: Partial<ModelVersion> = {}): Model {
  const current: ModelVersion = {
    version: 1,
    createdAt: 0,
    provider: { kind: 'openai-compatible', baseUrl: 'https://x.test/v1', model: 'm' },
    systemPrompt: null,
    answerPrefix: null,
    sampling: {},
    caps: {},
    ...what,
  }
  return {
    slug: 'one',
    name: 'One',
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
    versions: new Map([[current.version, current]]),
    ...more,
  }
}
