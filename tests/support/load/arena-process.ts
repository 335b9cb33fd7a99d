import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PACKAGE_ROOT } from '../../../server/paths.ts'
import { ADMIN_TOKEN } from '../arena/arena.ts'

const READY = /^Trivium is ready at (http:\S+)$/
const KEPT_LOG_LINES = 200

/** The arena from its source: slower to start than the bundle, but never out of date. */
export const FROM_SOURCE = ['--import', 'tsx', join(PACKAGE_ROOT, 'server/main.ts')] as const
/** The arena as `npm start` runs it; `scripts/build.mjs` has to have run. */
export const FROM_BUNDLE = [join(PACKAGE_ROOT, 'dist/server/main.mjs')] as const

/** An arena in a process of its own. */
export type ArenaProcess = {
  readonly pid: number
  /** Its address, once it says so; rejects with its last words if it ends before. */
  readonly ready: Promise<string>
  /** Its exit code, or null when a signal ended it. */
  readonly exited: Promise<number | null>
  /** The last lines that it logged. */
  log(): string
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>
  /** Asks it to end in order. */
  stop(): Promise<number | null>
}

/**
 * Loaded before the program: whatever ends this process, even SIGKILL, closes the pipe that is the
 * child's input, and the child ends too. Nothing is left running by a test that failed.
 */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  `process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL')).resume().unref()`,
)}`

/** The settings of an arena under test: a database of its own, no inference, no limits. */
export function arenaSettings(databasePath: string): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: `file:${databasePath}`,
    INFERENCE: 'off',
    SEED_MODELS: 'off',
    RATE_LIMITS: 'off',
    PROVIDER_ALLOWED_HOSTS: '127.0.0.0/8',
    ADMIN_TOKEN,
    EXPORT_DELAY_HOURS: '0',
  }
}

/**
 * Starts an arena.
 *
 * @param settings the contract's settings; nothing of this process's environment but PATH and HOME
 * @param program what Node runs
 */
export function startArenaProcess(
  settings: Readonly<Record<string, string>>,
  program: readonly string[] = FROM_SOURCE,
): ArenaProcess {
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, ...program], {
    cwd: PACKAGE_ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line)
    if (lines.length > KEPT_LOG_LINES) lines.shift()
  })
  const log = () => lines.join('\n')
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const url = READY.exec(line)?.[1]
      if (url !== undefined) resolve(url)
    })
    exited.then(
      (code) => reject(new Error(`the arena ended (${code}) before it was ready:\n${log()}`)),
      reject,
    )
  })
  // Who kills it while it starts does not wait for it to be ready.
  ready.catch(() => undefined)
  return {
    pid: child.pid ?? 0,
    ready,
    exited,
    log,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    stop() {
      child.kill('SIGTERM')
      return exited
    },
  }
}

/** Registers models of an OpenAI-compatible provider with an arena. */
export async function registerModels(
  url: string,
  baseUrl: string,
  slugs: readonly string[],
): Promise<void> {
  for (const slug of slugs) {
    const response = await fetch(`${url}/api/v1/admin/models`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        slug,
        name: `Name of ${slug}`,
        organization: `Maker of ${slug}`,
        license: 'MIT',
        provider: { kind: 'openai-compatible', baseUrl, model: slug },
      }),
    })
    if (response.status !== 201) throw new Error(await response.text())
  }
}
