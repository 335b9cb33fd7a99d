import { describe, expect, test } from 'vitest'
import { hintFor } from '../../../../server/models/hints.ts'
import { ProviderError, type ProviderErrorKind } from '../../../../server/providers/provider.ts'

/** All but `http-status`, whose hint goes by the status. */
const KINDS: ProviderErrorKind[] = [
  'address-refused',
  'connect',
  'overloaded',
  'timeout',
  'protocol',
  'interrupted',
  'empty',
  'unsupported',
  'not-running',
]
const withCode = (code: string) => Object.assign(new Error('x'), { code })

describe('a failure comes with a hint', () => {
  test.each<[ProviderErrorKind, string, { status?: number; cause?: unknown }, RegExp]>([
    ['address-refused', '10.0.0.1 is no address', {}, /PROVIDER_ALLOWED_HOSTS/],
    ['http-status', 'HTTP 401: wrong key', {}, /key/],
    ['http-status', 'x', { status: 403 }, /key/],
    ['http-status', 'HTTP 402', {}, /credit/],
    ['http-status', 'HTTP 404: model not found', {}, /model id or the path/],
    ['http-status', 'HTTP 422: min_p', {}, /dialect/],
    ['overloaded', 'HTTP 429', {}, /rate limit/],
    ['overloaded', 'HTTP 503', {}, /problem of its own/],
    ['overloaded', 'the engine is overloaded', {}, /rate limit/],
    ['http-status', 'HTTP 308: redirects are not followed', {}, /https/],
    ['http-status', 'HTTP 502', {}, /problem of its own/],
    ['connect', '127.0.0.1 port 1: connect ECONNREFUSED 127.0.0.1:1', {}, /Nothing listens/],
    ['connect', 'x', { cause: withCode('ECONNREFUSED') }, /Nothing listens/],
    ['connect', 'the name x cannot be resolved (ENOTFOUND)', {}, /host name/],
    ['connect', 'x', { cause: new Error('y', { cause: withCode('EAI_AGAIN') }) }, /host name/],
    ['connect', 'TLS with x: self-signed certificate', {}, /NODE_EXTRA_CA_CERTS/],
    ['connect', 'x', { cause: withCode('CERT_HAS_EXPIRED') }, /certificate/],
    ['connect', 'TLS with x: wrong version number', {}, /http:\/\/ instead/],
    ['connect', 'x port 80: connect EHOSTUNREACH', {}, /no way to this address/],
    ['connect', '1.2.3.4 port 80: no connection within 2.5 s', {}, /firewall/],
    ['timeout', 'no connection within 5 s', {}, /firewall/],
    ['timeout', 'no text came within 60 s', {}, /FIRST_TOKEN_TIMEOUT_MS/],
    ['protocol', 'the answer is text/html instead of a stream of events', {}, /web page/],
    [
      'protocol',
      'the answer is application/json instead of a stream of events',
      {},
      /in one piece/,
    ],
    ['protocol', 'line 7 is no event', {}, /kind and dialect/],
    ['interrupted', 'the stream ended', {}, /middle/],
    ['empty', 'no text', { cause: 'length' }, /reasoning/],
    ['empty', 'no text', {}, /without a word/],
  ])('%s "%s" %j', (kind, message, options, hint) => {
    expect(hintFor(new ProviderError(kind, message, options))).toMatch(hint)
  })

  test('of an address that already ends in the path of a call', () => {
    const cause = new ProviderError('http-status', 'HTTP 404: no such page')
    for (const end of ['/v1/chat/completions', '/v1/messages', '/v1/chat/completions/']) {
      expect(hintFor(cause, `https://example.org${end}`)).toMatch(/already ends in/)
    }
    expect(hintFor(cause, 'https://example.org/v1')).toMatch(/model id or the path/)
  })

  test('of a metadata address is no advice to allow it', () => {
    const message =
      '169.254.169.254 is no address of the open internet but a link-local or metadata'
    expect(hintFor(new ProviderError('address-refused', message))).not.toMatch(/ALLOWED_HOSTS/)
  })

  test('whatever kind it is of', () => {
    for (const kind of KINDS) {
      expect(hintFor(new ProviderError(kind, 'anything'))).toMatch(/\w{3}/)
    }
  })

  test('but for those that nobody foresaw', () => {
    expect(hintFor(new Error('a bug'))).toBeNull()
    expect(hintFor(undefined)).toBeNull()
  })
})
