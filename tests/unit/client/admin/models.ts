import type { AdminModel } from '../../../../shared/schemas/model.ts'

/** A registered model as the arena tells of it. */
export function adminModel(change: Partial<AdminModel> = {}): AdminModel {
  return {
    slug: 'alpha',
    name: 'Alpha',
    organization: 'Makers',
    license: 'MIT',
    description: null,
    provider: {
      kind: 'openai-compatible',
      model: 'alpha-1',
      baseUrl: 'https://api.example/v1',
      hasApiKey: true,
    },
    systemPrompt: null,
    answerPrefix: null,
    sampling: {},
    weight: 1,
    enabled: true,
    version: 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    retired: null,
    caps: {},
    limits: {},
    prices: null,
    tags: [],
    links: [],
    status: 'ready',
    statusReason: null,
    health: {
      breaker: 'closed',
      failuresInARow: 0,
      lastError: null,
      nextProbeAt: null,
      lastProbe: null,
      lastAnswerAt: null,
    },
    activity: {
      answers: 0,
      failures: 0,
      firstTokenMs: null,
      tokensPerSecond: null,
      inFlight: 0,
      tokensToday: 0,
      costToday: null,
      costTotal: null,
      hours: [],
    },
    ...change,
  }
}
