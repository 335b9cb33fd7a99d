import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { composeArena } from '../../../server/compose.ts'
import { readConfig } from '../../../server/config.ts'
import { parseAllowedHosts } from '../../../server/providers/allowed-hosts.ts'
import type { Resolve } from '../../../server/providers/endpoint-guard.ts'
import { loadSecrets } from '../../../server/secrets/secrets.ts'

/** The administrator's token of every arena in tests. */
export const ADMIN_TOKEN = 'test-admin-token-0123456789'

/** An arena in this process, on a free port, with a folder of its own. */
export type TestArena = {
  readonly url: string
  readonly folder: string
  /** What it has logged, line by line, as JSON. */
  readonly logs: string[]
  /** Registers a model of an OpenAI-compatible provider. */
  register(slug: string, baseUrl: string, more?: object): Promise<void>
  /** An HTTP call with the administrator's token. */
  admin(method: string, path: string, body?: unknown): Promise<Response>
  /** Stops it; the folder stays until `remove`. */
  close(): Promise<void>
  remove(): Promise<void>
}

/**
 * Starts an arena without the embedded inference, with limits off and loopback providers allowed.
 *
 * @param env settings of the contract, over these defaults
 * @param folder the data of an arena that was stopped, to start it again
 * @param resolve where names lead; the system's resolver if it is left out
 */
export async function startArena(
  env: Record<string, string> = {},
  folder?: string,
  resolve?: Resolve,
): Promise<TestArena> {
  const home = folder ?? (await mkdtemp(join(tmpdir(), 'trivium-test-')))
  const config = readConfig({
    PORT: '0',
    DATABASE_URL: `file:${join(home, 'arena.db')}`,
    INFERENCE: 'off',
    SEED_MODELS: 'off',
    RATE_LIMITS: 'off',
    PROVIDER_ALLOWED_HOSTS: '127.0.0.0/8',
    ADMIN_TOKEN,
    EXPORT_DELAY_HOURS: '0',
    ...env,
  })
  if (!config.ok) throw new Error(config.error)
  const allowedHosts = parseAllowedHosts(config.value.providerAllowedHosts)
  if (!allowedHosts.ok) throw new Error(allowedHosts.error)
  const secrets = await loadSecrets(config.value.secretFile, Date.now())
  if (!secrets.ok) throw new Error(secrets.error)
  const logs: string[] = []
  const arena = await composeArena({
    config: config.value,
    secrets: secrets.value,
    allowedHosts: allowedHosts.value,
    log: pino({ level: 'trace' }, { write: (line: string) => void logs.push(line) }),
    ...(resolve === undefined ? {} : { resolve }),
  })
  const url = `http://127.0.0.1:${await arena.listen()}`

  const admin = (method: string, path: string, body?: unknown) =>
    fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${config.value.adminToken ?? ''}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    url,
    folder: home,
    logs,
    admin,
    async register(slug, baseUrl, more = {}) {
      const response = await admin('POST', '/api/v1/admin/models', {
        slug,
        name: `Name of ${slug}`,
        organization: `Maker of ${slug}`,
        license: 'MIT',
        provider: { kind: 'openai-compatible', baseUrl, model: slug },
        ...more,
      })
      if (response.status !== 201) throw new Error(await response.text())
    },
    close: () => arena.close(),
    remove: () => rm(home, { recursive: true, force: true }),
  }
}
