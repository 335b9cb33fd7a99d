import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keyContext, type Model } from '../../../../server/models/model.ts'
import { createProviderFactory } from '../../../../server/models/provider-factory.ts'
import { createFixedGuard } from '../../../../server/providers/endpoint-guard.ts'
import { createTransport, type Transport } from '../../../../server/providers/transport.ts'
import { fixedKeys } from '../../../../server/secrets/key-ring.ts'
import { createSealer } from '../../../../server/secrets/sealer.ts'
import type { ProviderDefinition } from '../../../../shared/schemas/model.ts'
import { makeModel } from '../../../support/providers/model.ts'
import { API_SHAPES, type ApiShape } from '../../../support/providers/api-shapes.ts'
import {
  readAnswer,
  startProviderServer,
  STREAM_HEAD,
  type ProviderServer,
} from '../../../support/providers/provider-server.ts'

const KEY = 'sk-test-0123456789'
const request = { messages: [{ role: 'user' as const, content: 'hi' }], sampling: {} }
const never = new AbortController().signal
const sealer = createSealer(fixedKeys([{ id: 'new', bytes: randomBytes(32), createdAt: 0 }]))

let server: ProviderServer
let transport: Transport
let embeddedAt: string | undefined
beforeAll(async () => {
  server = await startProviderServer()
  transport = createTransport({ guard: createFixedGuard('127.0.0.1'), connectTimeoutMs: 2000 })
})
beforeEach(() => {
  embeddedAt = undefined
})
afterAll(async () => {
  transport.close()
  await server.close()
})

const providerOf = (model: Model, version = model.current) =>
  createProviderFactory({
    transport,
    embeddedTransport: transport,
    embedded: { baseUrl: () => embeddedAt },
    sealer,
    timeouts: { connectMs: 2000, firstTokenMs: 2000, gapMs: 2000, totalMs: 2000 },
    clock: Date.now,
  })(model, version)

function modelOf(provider: ProviderDefinition, apiKey: string | undefined = KEY): Model {
  const model = makeModel({}, { provider })
  const sealedKey = apiKey === undefined ? null : sealer.seal(apiKey, keyContext('one', provider))
  return { ...model, sealedKey }
}

const KINDS = ['openai-compatible', 'anthropic', 'google'] as const
type HttpKind = (typeof KINDS)[number]
const definitionOf = (kind: HttpKind, baseUrl = server.baseUrl): ProviderDefinition => ({
  kind,
  baseUrl,
  model: 'm',
})

describe.each(KINDS.map((kind, index) => [kind, API_SHAPES[index] as ApiShape] as const))(
  '%s',
  (kind, api) => {
    test('answers, with its key', async () => {
      server.behave((socket) => socket.end(STREAM_HEAD + api.start + api.text('Hi') + api.end))
      const model = modelOf(definitionOf(kind))
      expect((await readAnswer(providerOf(model)(request, never))).text).toBe('Hi')
      expect(server.requests.at(-1)?.head).toContain(KEY)
    })

    test('a key that cannot be opened any more asks for a new one, and sends nothing', () => {
      const sent = server.requests.length
      const other = createSealer(fixedKeys([{ id: 'old', bytes: randomBytes(32), createdAt: 0 }]))
      const provider = definitionOf(kind)
      const model = {
        ...modelOf(provider),
        sealedKey: other.seal(KEY, keyContext('one', provider)),
      }
      expect(() => providerOf(model)).toThrow(
        expect.objectContaining({
          kind: 'unsupported',
          message: expect.stringContaining('give it again') as string,
        }),
      )
      expect(server.requests.length).toBe(sent)
    })

    test('a key goes to no older version at another address', async () => {
      const old = { ...modelOf(definitionOf(kind)).current, version: 0 }
      const model = modelOf(definitionOf(kind, 'https://elsewhere.example/v1'))
      if (kind !== 'openai-compatible') {
        expect(() => providerOf(model, old)).toThrow('no API key is stored for this address')
        return
      }
      server.behave((socket) => socket.end(STREAM_HEAD + api.start + api.text('Hi') + api.end))
      expect((await readAnswer(providerOf(model, old)(request, never))).text).toBe('Hi')
      expect(server.requests.at(-1)?.head).not.toContain(KEY)
    })
  },
)

test('an API that needs a key is not asked without one', () => {
  const model = { ...modelOf(definitionOf('anthropic')), sealedKey: null }
  expect(() => providerOf(model)).toThrow('no API key is stored')
})

test('dialect, version and further fields go into the request', async () => {
  server.behave((socket) => socket.end(STREAM_HEAD))
  const model = modelOf({
    kind: 'openai-compatible',
    baseUrl: `http://127.0.0.1:${server.port}/openai/deployments/x`,
    model: 'm',
    dialect: 'azure',
    apiVersion: '2025-01-01-preview',
    extra: { reasoning_effort: 'low' },
  })
  await expect(readAnswer(providerOf(model)(request, never))).rejects.toThrow('before its end')
  const { head, body } = server.requests.at(-1) ?? { head: '', body: '' }
  expect(head).toContain('/chat/completions?api-version=2025-01-01-preview')
  expect(head).toContain(`api-key: ${KEY}`)
  expect(JSON.parse(body)).toMatchObject({ reasoning_effort: 'low' })
})

test('the embedded inference answers where it runs, and only there', async () => {
  const model = makeModel({}, { provider: { kind: 'onnx', model: 'small' } })
  expect(() => providerOf(model)).toThrow(expect.objectContaining({ kind: 'not-running' }))
  embeddedAt = server.baseUrl
  server.behave((socket) => socket.end(STREAM_HEAD))
  await expect(readAnswer(providerOf(model)(request, never))).rejects.toThrow('before its end')
  expect(JSON.parse(server.requests.at(-1)?.body ?? '')).toMatchObject({ model: 'small' })
})
