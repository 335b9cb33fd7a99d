import { expect, test } from 'vitest'
import { createOrigins } from '../../../../server/http/origins.ts'

test('own origins are the address listened on, with localhost for loopback', () => {
  const origins = createOrigins('127.0.0.1', [])
  expect(origins.allows('http://127.0.0.1:3000')).toBe(false)
  origins.listening(3000)
  for (const own of ['http://127.0.0.1:3000', 'http://localhost:3000']) {
    expect(origins.allows(own)).toBe(true)
  }
  for (const foreign of [
    'null',
    // Another user's program may listen there.
    'http://[::1]:3000',
    '',
    'http://127.0.0.1:3001',
    'https://127.0.0.1:3000',
    'http://evil.example',
    'http://localhost.evil.example:3000',
    'http://127.0.0.1:3000.evil.example',
  ]) {
    expect(origins.allows(foreign)).toBe(false)
  }
  expect(origins.allows(undefined)).toBe(true)
})

test('allowed origins join them, and decide whether cookies are for TLS only', () => {
  const origins = createOrigins('10.0.0.5', ['https://arena.example'])
  origins.listening(80)
  expect(origins.allows('https://arena.example')).toBe(true)
  expect(origins.allows('http://10.0.0.5')).toBe(true)
  expect(origins.allows('http://localhost')).toBe(false)
  expect(origins.secure).toBe(true)
  expect(createOrigins('127.0.0.1', []).secure).toBe(false)
  expect(createOrigins('::', ['https://a.example', 'http://b.example']).secure).toBe(false)
})
