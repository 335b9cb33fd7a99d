import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NO_ALLOWED_HOSTS, parseAllowedHosts } from '../../../../server/providers/allowed-hosts.ts'
import { createEndpointGuard, type Resolve } from '../../../../server/providers/endpoint-guard.ts'
import { createOpenAiProvider } from '../../../../server/providers/openai-compatible.ts'
import { isGlobalUnicast } from '../../../../server/providers/special-addresses.ts'
import { createTransport } from '../../../../server/providers/transport.ts'
import {
  readAnswer,
  startProviderServer,
  type ProviderServer,
} from '../../../support/providers/provider-server.ts'

const request = { messages: [{ role: 'user' as const, content: 'hi' }], sampling: {} }
const never = new AbortController().signal

// Every way to write an address that must not be reached; PORT is the canary's.
const SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0x7f.1',
  '127.0.0.1.',
  '127.255.255.254',
  '0',
  '0.0.0.0',
  '0x0',
  '1%32%37.1',
  '①②⑦.⓪.⓪.①',
  '127。0。0。1',
  '127．0．0．1',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'user@127.0.0.1',
  'example.com@127.0.0.1',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000::0001]',
  '[::]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::127.0.0.1]',
  '[2002:7f00:1::]',
  '[2002:7f00:0001::1]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[2001::7f00:1]',
  '[2001:db8::1]',
  '[100::1]',
  '[5f00::1]',
  '[3fff::1]',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '[::ffff:169.254.169.254]',
  '[2606:4700::5efe:169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[2002:a9fe:a9fe::1]',
  'private.test',
  'mixed.test',
  'mapped.test',
]

const NAMES: Record<string, string[]> = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'private.test': ['127.0.0.1'],
  'mixed.test': ['93.184.216.34', '127.0.0.1'],
  'mapped.test': ['::ffff:127.0.0.1'],
}
const resolve: Resolve = (name) => Promise.resolve(NAMES[name] ?? [])

let canary: ProviderServer
beforeAll(async () => void (canary = await startProviderServer(undefined, '127.0.0.1')))
afterAll(() => canary.close())

function providerAt(baseUrl: string, entries: string[], resolver: Resolve = resolve) {
  const allowed = parseAllowedHosts(entries)
  if (!allowed.ok) throw new Error(allowed.error)
  const guard = createEndpointGuard(allowed.value, resolver)
  const transport = createTransport({ guard, connectTimeoutMs: 2000 })
  return { provider: createOpenAiProvider({ baseUrl, model: 'm' }, transport), transport }
}

describe('connections', () => {
  test(`${SPELLINGS.length} spellings of special addresses never reach the canary`, async () => {
    expect(SPELLINGS.length).toBeGreaterThanOrEqual(60)
    for (const host of SPELLINGS) {
      const url = `http://${host}:${canary.port}/v1`
      // What is no URL at all is refused by the schema before; it cannot be connected to either.
      if (!URL.canParse(url)) continue
      const { provider, transport } = providerAt(url, [])
      await expect(readAnswer(provider(request, never)), host).rejects.toMatchObject({
        kind: 'address-refused',
      })
      transport.close()
    }
    expect(canary.connections.made).toBe(0)
    // The canary does sing: the test above can fail.
    const { provider, transport } = providerAt(canary.baseUrl, ['127.0.0.1'])
    expect((await readAnswer(provider(request, never))).text).toBe('Hello there')
    transport.close()
    expect(canary.connections.made).toBe(1)
  })

  test.each([
    ['10.0.0.1', /name it in PROVIDER_ALLOWED_HOSTS and start the arena again$/],
    ['169.254.169.254', /metadata address, where no provider is expected$/],
    ['[::ffff:169.254.169.254]', /metadata address, where no provider is expected$/],
    ['[fe80::1]', /metadata address, where no provider is expected$/],
    ['[fd00:ec2::254]', /metadata address, where no provider is expected$/],
    ['100.100.100.200', /metadata address, where no provider is expected$/],
  ])('%s is refused with advice that fits', async (host, words) => {
    const { provider, transport } = providerAt(`http://${host}/v1`, [])
    await expect(readAnswer(provider(request, never))).rejects.toThrow(words)
    transport.close()
  })

  test('a name is resolved once, so that there is nothing to rebind', async () => {
    let asked = 0
    const rebinding: Resolve = () => Promise.resolve([asked++ === 0 ? '127.0.0.2' : '127.0.0.1'])
    const made = canary.connections.made
    const url = `http://rebind.test:${canary.port}/v1`
    const { provider, transport } = providerAt(url, ['127.0.0.2'], rebinding)
    // Nobody listens at the checked address; the second answer of the resolver is never asked for.
    await expect(readAnswer(provider(request, never))).rejects.toMatchObject({ kind: 'connect' })
    expect(asked).toBe(1)
    expect(canary.connections.made).toBe(made)
    transport.close()
  })

  test('a resolver that never answers is timed out', async () => {
    const guard = createEndpointGuard(NO_ALLOWED_HOSTS, () => new Promise(() => undefined))
    const transport = createTransport({ guard, connectTimeoutMs: 20 })
    const endpoint = { baseUrl: 'http://slow.test/v1', model: 'm' }
    const answer = createOpenAiProvider(endpoint, transport)(request, never)
    await expect(readAnswer(answer)).rejects.toMatchObject({ kind: 'timeout' })
    transport.close()
  })
})

describe('isGlobalUnicast', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '192.167.255.255',
    '100.128.0.1',
    '2606:4700::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
    '2a00:1450::200e',
    '2606:4700::5efe:808:808',
  ])('%s is', (address) => {
    expect(isGlobalUnicast(address)).toBe(true)
  })

  test.each(['', 'example.com', '1.2.3', '2606:4700::1%eth0'])('%s is no such address', (text) => {
    expect(isGlobalUnicast(text)).toBe(false)
  })

  test('an address decides alike in every prefix that carries it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
        const hex = [a * 256 + b, c * 256 + d].map((group) => group.toString(16)).join(':')
        const plain = isGlobalUnicast(address)
        for (const carrier of [
          `::ffff:${address}`,
          `::ffff:${hex}`,
          `64:ff9b::${hex}`,
          `2002:${hex}::1`,
        ]) {
          expect(isGlobalUnicast(carrier), carrier).toBe(plain)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('PROVIDER_ALLOWED_HOSTS', () => {
  const permits = (entries: string[], host: string, address: string, port: number) => {
    const parsed = parseAllowedHosts(entries)
    if (!parsed.ok) throw new Error(parsed.error)
    return createEndpointGuard(parsed.value).permits(host, address, port)
  }

  test.each<[string[], string, string, number, boolean]>([
    [['ollama.lan'], 'ollama.lan', '10.0.0.5', 80, true],
    [['Ollama.LAN.'], 'ollama.lan', '10.0.0.5', 80, true],
    [['ollama.lan:11434'], 'ollama.lan', '10.0.0.5', 11434, true],
    [['ollama.lan:11434'], 'ollama.lan', '10.0.0.5', 80, false],
    [['ollama.lan'], 'evil-ollama.lan', '10.0.0.5', 80, false],
    [['10.0.0.0/8'], 'any.test', '10.9.9.9', 80, true],
    [['10.0.0.0/8'], 'any.test', '11.0.0.1', 80, true],
    [['10.0.0.0/8'], 'any.test', '192.168.0.1', 80, false],
    [['127.0.0.1:8080'], 'localhost', '127.0.0.1', 8080, true],
    [['127.0.0.1:8080'], 'localhost', '127.0.0.1', 8081, false],
    [['[::1]:8080'], '[::1]', '::1', 8080, true],
    [['::1'], '[::1]', '::1', 9, true],
    [['fd00::/8'], 'x.test', 'fd12::1', 9, true],
    [[], 'x.test', 'fd12::1', 9, false],
  ])('%j lets %s at %s:%d in: %s', (entries, host, address, port, expected) => {
    expect(permits(entries, host, address, port)).toBe(expected)
  })

  test.each([
    '10.0.0.0/33',
    '10.0.0.0/',
    'a/8',
    'http://x',
    'x:0',
    'x:99999',
    'a b',
    '[::1',
    'x:',
    '/8',
    'u@h',
    '::1/129',
  ])('%s is refused by name', (entry) => {
    const parsed = parseAllowedHosts(['ok.test', entry])
    expect(parsed.ok).toBe(false)
    expect(parsed).toMatchObject({ error: expect.stringContaining(`"${entry}"`) as string })
  })
})
