import { expect, test } from 'vitest'
import { misspeltSettings, readConfig } from '../../../server/config.ts'

test('without settings the arena has the defaults of the contract', () => {
  const config = readConfig({})
  if (!config.ok) throw new Error(config.error)
  expect(config.value).toMatchObject({
    port: 3000,
    host: '127.0.0.1',
    inference: true,
    inferenceDevice: 'auto',
    maxPromptCharacters: 12_000,
    rateLimits: true,
    seedModels: true,
    exportDelayMs: 24 * 3_600_000,
    timeouts: { connectMs: 5000, firstTokenMs: 60_000, gapMs: 20_000, totalMs: 180_000 },
    allowedOrigins: [],
    providerAllowedHosts: [],
  })
  expect(config.value.database.path).toMatch(/data[/\\]arena\.db$/)
  expect(config.value.secretFile).toMatch(/data[/\\]secret\.json$/)
})

test.each([
  ['PORT', 'abc'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['INFERENCE', 'onn'],
  ['INFERENCE_DEVICE', 'gpu'],
  ['RATE_LIMITS', 'yes'],
  ['SEED_MODELS', '1'],
  ['EXPORT_DELAY_HOURS', 'a day'],
  ['MAX_PROMPT_CHARACTERS', '0'],
  ['CONNECT_TIMEOUT_MS', '1.5'],
  ['LOG_LEVEL', 'loud'],
  ['DATABASE_URL', 'arena.db'],
  ['DATABASE_URL', 'postgres://localhost/arena'],
  ['REDIS_URL', 'redis://localhost'],
  ['ALLOWED_ORIGINS', 'https://arena.example/path'],
  ['ALLOWED_ORIGINS', '*'],
  ['HOST', 'no such host!'],
])('%s=%s is refused in one line that names it', (name, value) => {
  const config = readConfig({ [name]: value })
  expect(config.ok).toBe(false)
  if (config.ok) return
  expect(config.error).toMatch(new RegExp(`^${name} is "`))
  expect(config.error).not.toContain('\n')
})

test('a refused token is not printed', () => {
  const config = readConfig({ ADMIN_TOKEN: 'two words' })
  expect(config).toEqual({ ok: false, error: expect.not.stringContaining('two words') })
})

test('a webhook whose name or password cannot be read stops the start, and is not printed', () => {
  for (const url of [
    'ftp://example.org/',
    'http://a%zz@example.org/',
    'http://a%:20@example.org/',
  ]) {
    expect(readConfig({ ALERT_WEBHOOK_URL: url })).toEqual({
      ok: false,
      error: 'ALERT_WEBHOOK_URL: must be an http:// or https:// address',
    })
  }
  expect(readConfig({ ALERT_WEBHOOK_URL: 'https://a%20b:c@example.org/x' }).ok).toBe(true)
})

test('an empty setting is one that is not set, and lists take blanks', () => {
  const config = readConfig({
    PORT: '',
    ALLOWED_ORIGINS: 'https://a.example, http://b.example:8080/',
  })
  if (!config.ok) throw new Error(config.error)
  expect(config.value.port).toBe(3000)
  expect(config.value.allowedOrigins).toEqual(['https://a.example', 'http://b.example:8080'])
})

test('a misspelt setting is noticed, other programs’ variables are not', () => {
  expect(
    misspeltSettings({
      RATE_LIMIT: 'off',
      DATABSE_URL: 'x',
      LOG_LEVLE: 'x',
      PATH: 'x',
      HOME: 'x',
      HOSTNAME: 'x',
      RATE_LIMITS: 'off',
    }),
  ).toEqual([
    { name: 'RATE_LIMIT', meant: 'RATE_LIMITS' },
    { name: 'DATABSE_URL', meant: 'DATABASE_URL' },
    { name: 'LOG_LEVLE', meant: 'LOG_LEVEL' },
  ])
})
