import { resolve } from 'node:path'
import * as z from 'zod'
import { DEFAULT_MAX_PROMPT_CHARACTERS } from '../shared/protocol.ts'
import { err, ok, type Result } from '../shared/result.ts'

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`)

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

const onOff = z.enum(['on', 'off'], { error: 'must be on or off' }).transform((v) => v === 'on')

const origins = list.transform((items, context) =>
  items.map((item) => {
    if (URL.canParse(item)) {
      const { protocol, origin } = new URL(item)
      const bare = item.replace(/\/$/, '').toLowerCase()
      if ((protocol === 'http:' || protocol === 'https:') && origin === bare) return origin
    }
    context.addIssue({
      code: 'custom',
      message: `"${item}" is no origin: it must look like https://arena.example`,
    })
    return z.NEVER
  }),
)

const databaseUrl = z.string().transform((url, context) => {
  if (url.startsWith('file:') && url.length > 'file:'.length) {
    return { dialect: 'sqlite' as const, path: resolve(url.slice('file:'.length)) }
  }
  const message = /^postgres(ql)?:/.test(url)
    ? 'names PostgreSQL, which this version does not speak yet: use file:data/arena.db'
    : 'must look like file:data/arena.db'
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const redisUrl = z.string().transform((_, context) => {
  context.addIssue({
    code: 'custom',
    message: 'cannot be used yet: this version runs as one process; leave it out',
  })
  return z.NEVER
})

const webhookUrl = z.string().refine((text) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return false
  try {
    // The name and the password in it are sent as what they stand for.
    for (const part of [url.username, url.password]) decodeURIComponent(part)
    return true
  } catch {
    return false
  }
}, 'must be an http:// or https:// address')

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

// One entry per setting, by the name of its environment variable. An empty value means "not set".
const settings = {
  PORT: integer(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be an address or a host name')
    .default('127.0.0.1'),
  DATABASE_URL: databaseUrl.prefault('file:data/arena.db'),
  REDIS_URL: redisUrl.optional(),
  MODELS_DIR: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  INFERENCE: onOff.default(true),
  INFERENCE_DEVICE: z
    .enum(['auto', 'cpu', 'cuda'], { error: 'must be auto, cpu or cuda' })
    .default('auto'),
  INFERENCE_THREADS: integer(1, 1024).optional(),
  ADMIN_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII without blanks')
    .optional(),
  SECRET_FILE: z
    .string()
    .transform((path) => resolve(path))
    .optional(),
  ALLOWED_ORIGINS: origins.default([]),
  PROVIDER_ALLOWED_HOSTS: list.default([]),
  MAX_PROMPT_CHARACTERS: integer(1, 60_000).default(DEFAULT_MAX_PROMPT_CHARACTERS),
  RATE_LIMITS: onOff.default(true),
  SEED_MODELS: onOff.default(true),
  EXPORT_DELAY_HOURS: z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'must be a number of hours, 0 or more')
    .transform(Number)
    .default(24),
  CONNECT_TIMEOUT_MS: integer(1, 600_000).default(5000),
  FIRST_TOKEN_TIMEOUT_MS: integer(1, 3_600_000).default(60_000),
  TOKEN_GAP_TIMEOUT_MS: integer(1, 3_600_000).default(20_000),
  ANSWER_TIMEOUT_MS: integer(1, 3_600_000).default(180_000),
  PROBE_INTERVAL_SECONDS: integer(0, 86_400).default(900),
  BREAKER_RETRY_MS: integer(100, 3_600_000).default(30_000),
  ALERT_WEBHOOK_URL: webhookUrl.optional(),
  ADMIN_SESSION_HOURS: integer(1, 720).default(12),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` })
    .default('info'),
} as const

/** Settings whose value is a secret or may hold one. */
const SECRET_SETTINGS: ReadonlySet<string> = new Set(['ADMIN_TOKEN', 'ALERT_WEBHOOK_URL'])

export const SETTING_NAMES = Object.keys(settings)

const configSchema = z.object(settings).transform((env) => ({
  port: env.PORT,
  host: env.HOST,
  database: env.DATABASE_URL,
  modelsDir: env.MODELS_DIR,
  inference: env.INFERENCE,
  inferenceDevice: env.INFERENCE_DEVICE,
  inferenceThreads: env.INFERENCE_THREADS,
  adminToken: env.ADMIN_TOKEN,
  secretFile: env.SECRET_FILE ?? resolve(env.DATABASE_URL.path, '..', 'secret.json'),
  allowedOrigins: env.ALLOWED_ORIGINS,
  providerAllowedHosts: env.PROVIDER_ALLOWED_HOSTS,
  maxPromptCharacters: env.MAX_PROMPT_CHARACTERS,
  rateLimits: env.RATE_LIMITS,
  seedModels: env.SEED_MODELS,
  exportDelayMs: env.EXPORT_DELAY_HOURS * 3_600_000,
  timeouts: {
    connectMs: env.CONNECT_TIMEOUT_MS,
    firstTokenMs: env.FIRST_TOKEN_TIMEOUT_MS,
    gapMs: env.TOKEN_GAP_TIMEOUT_MS,
    totalMs: env.ANSWER_TIMEOUT_MS,
  },
  /** How often a model that nobody asked meanwhile is asked for a few words; 0: never. */
  probeIntervalMs: env.PROBE_INTERVAL_SECONDS * 1000,
  /** How long an open breaker waits before it first asks again. */
  breakerRetryMs: env.BREAKER_RETRY_MS,
  alertWebhookUrl: env.ALERT_WEBHOOK_URL,
  adminSessionMs: env.ADMIN_SESSION_HOURS * 3_600_000,
  logLevel: env.LOG_LEVEL,
}))

/** Every setting of the arena, checked and in the units that its name says. */
export type Config = z.infer<typeof configSchema>

/** The time-outs of one answer, in milliseconds: to connect, to the first token, between tokens, in all. */
export type AnswerTimeouts = Config['timeouts']

/**
 * Reads the settings from environment variables.
 *
 * @returns the configuration, or one line that says which setting cannot be used and why
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
): Result<Config, string> {
  const given = Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const value = env[name]?.trim()
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
  const parsed = configSchema.safeParse(given)
  if (parsed.success) return ok(parsed.data)
  const issue = parsed.error.issues[0]
  const name = String(issue?.path[0] ?? 'a setting')
  // A secret must not be printed, whatever is wrong with it, nor the password in an address.
  const shown = SECRET_SETTINGS.has(name) ? '' : ` is "${withoutCredentials(given[name] ?? '')}"`
  return err(`${name}${shown}: ${issue?.message ?? 'cannot be used'}`)
}

function withoutCredentials(value: string): string {
  return value.replace(/\/\/[^/]*@/, '//***@')
}

/**
 * Names of environment variables that look like a misspelt setting, with the setting meant: an
 * unknown name can't be an error, since the environment holds other programs' variables too.
 */
export function misspeltSettings(
  env: Readonly<Record<string, string | undefined>>,
): { name: string; meant: string }[] {
  return Object.keys(env).flatMap((name) => {
    if (SETTING_NAMES.includes(name) || name.length < 7) return []
    const meant = SETTING_NAMES.find(
      (setting) => setting.length >= 7 && differsByOneSlip(name, setting),
    )
    return meant === undefined ? [] : [{ name, meant }]
  })
}

/** Whether one letter added, left out, changed or swapped with its neighbour makes two names equal. */
function differsByOneSlip(left: string, right: string): boolean {
  if (Math.abs(left.length - right.length) > 1) return false
  let start = 0
  while (start < left.length && left[start] === right[start]) start += 1
  let end = 0
  const shortest = Math.min(left.length, right.length) - start
  while (end < shortest && left.at(-1 - end) === right.at(-1 - end)) end += 1
  const restLeft = left.slice(start, left.length - end)
  const restRight = right.slice(start, right.length - end)
  if (restLeft.length <= 1 && restRight.length <= 1) return true
  const [first = '', second = ''] = [restRight[0], restRight[1]]
  return restLeft.length === 2 && restRight.length === 2 && restLeft === second + first
}
