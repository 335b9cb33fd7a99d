import { expect, test } from 'vitest'
import { createFailedRequests } from '../../../../server/health/failed-request.ts'
import type { ProviderDefinition } from '../../../../shared/schemas/model.ts'
import { modelFailureDetailSchema } from '../../../../shared/schemas/admin.ts'
import { makeModel } from '../../../support/providers/model.ts'

const AZURE = 'https://x.openai.azure.com/openai/deployments/m'
const FAILURE = {
  id: 1,
  at: '2026-05-05T12:00:00.000Z',
  slug: 'one',
  version: 1,
  battleId: 'b',
  turn: 1,
  side: 'a',
  kind: 'timeout',
  status: null,
  message: 'no text came',
  durationMs: 5,
} as const

function requestOf(provider: ProviderDefinition, isThere = true) {
  const model = makeModel({ slug: 'one' })
  const current = { ...model.current, provider }
  const build = createFailedRequests({
    modelOf: () => ({ ...model, current, versions: new Map([[1, current]]) }),
    conversationOf: async () => (isThere ? [{ prompt: 'Hello?' }] : undefined),
  })
  return build(FAILURE)
}

test.each<[string, ProviderDefinition, object]>([
  ['an embedded one', { kind: 'onnx', model: 'm' }, { kind: 'onnx', model: 'm' }],
  [
    'one whose dialect nobody named',
    { kind: 'openai-compatible', baseUrl: 'https://a.example/v1', model: 'm', apiVersion: '2025' },
    // A version is sent to Azure alone.
    {
      kind: 'openai-compatible',
      baseUrl: 'https://a.example/v1',
      model: 'm',
      dialect: 'generic',
    },
  ],
  [
    'one that is known by its host',
    { kind: 'openai-compatible', baseUrl: AZURE, model: 'm', extra: { user: 'x' } },
    {
      kind: 'openai-compatible',
      baseUrl: AZURE,
      model: 'm',
      dialect: 'azure',
      apiVersion: '2024-10-21',
      extra: { user: 'x' },
    },
  ],
  [
    'one at the address of its company',
    { kind: 'anthropic', model: 'm', extra: { thinking: { type: 'enabled' } } },
    {
      kind: 'anthropic',
      model: 'm',
      baseUrl: 'https://api.anthropic.com',
      extra: { thinking: { type: 'enabled' } },
    },
  ],
])('shows the provider as it was asked: %s', async (_, provider, shown) => {
  const request = await requestOf(provider)
  expect(request?.provider).toEqual(shown)
  expect(request?.messages).toEqual([{ role: 'user', content: 'Hello?' }])
  modelFailureDetailSchema.parse({ ...FAILURE, request })
})

test('shows nothing of a battle that is gone', async () => {
  expect(await requestOf({ kind: 'onnx', model: 'm' }, false)).toBeNull()
})
