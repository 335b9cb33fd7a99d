import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { PACKAGE_ROOT } from '../../../server/paths.ts'
import { SETTING_NAMES } from '../../../server/config.ts'
import { ADMIN_TOKEN } from './arena.ts'

/** What a program has said when it ended. */
export type Ended = {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** An arena as a process of its own. */
export type ArenaProcess = {
  readonly url: string
  readonly child: ChildProcess
  /** Resolves when it has ended. */
  readonly ended: Promise<Ended>
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>
}

/** The environment without settings of whoever runs the tests. */
function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !SETTING_NAMES.includes(name),
  )
  return { ...(Object.fromEntries(kept) as Record<string, string>), FORCE_COLOR: '0' }
}

/** Where the programs are bundled to: inside the package, so that they find what they import. */
const CACHE = join(PACKAGE_ROOT, 'node_modules/.cache/trivium-tests')

const PROGRAMS = [
  'server/main',
  'scripts/admin',
  'scripts/rebuild',
  'scripts/ratings',
  'scripts/classify',
  'scripts/simulate',
] as const
export type Program = (typeof PROGRAMS)[number]

let bundled: Promise<string> | undefined

/** Bundles the programs once, as `npm start` does: from sources each start would take twice as long. */
async function bundle(): Promise<string> {
  await mkdir(CACHE, { recursive: true })
  const folder = await mkdtemp(join(CACHE, 'programs-'))
  await build({
    absWorkingDir: PACKAGE_ROOT,
    entryPoints: [
      ...PROGRAMS.map((program) => ({ in: `${program}.ts`, out: program })),
      { in: 'server/ratings/worker.ts', out: 'server/rating-worker' },
    ],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  })
  return folder
}

/** Removes what was bundled; the last thing that a test file does with processes. */
export async function removePrograms(): Promise<void> {
  if (bundled !== undefined) await rm(await bundled, { recursive: true, force: true })
  bundled = undefined
}

async function run(program: Program, args: readonly string[], env: Record<string, string>) {
  bundled ??= bundle()
  const child = spawn(process.execPath, [join(await bundled, `${program}.mjs`), ...args], {
    cwd: PACKAGE_ROOT,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said.stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said.stderr += text))
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal, ...said }))
  })
  return { child, said, ended }
}

/** Runs a program of the package to its end. */
export async function runProgram(
  program: Program,
  args: readonly string[],
  env: Record<string, string>,
): Promise<Ended> {
  return (await run(program, args, env)).ended
}

/** The settings of an arena in a folder, without the embedded inference. */
export function settingsFor(folder: string): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: `file:${folder}/arena.db`,
    INFERENCE: 'off',
    SEED_MODELS: 'off',
    RATE_LIMITS: 'off',
    PROVIDER_ALLOWED_HOSTS: '127.0.0.0/8',
    ADMIN_TOKEN,
    LOG_LEVEL: 'warn',
  }
}

/** Starts an arena as a process, and waits for the line that says where it answers. */
export async function startProcess(env: Record<string, string>): Promise<ArenaProcess> {
  const { child, said, ended } = await run('server/main', [], env)
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', () => {
      const address = /http:\/\/\S+/.exec(said.stdout)?.[0]
      if (address !== undefined) resolve(address)
    })
    void ended.then(({ code, stderr }) =>
      reject(new Error(`ended with ${String(code)}: ${stderr}`)),
    )
  })
  return {
    url,
    child,
    ended,
    end(signal) {
      child.kill(signal)
      return ended
    },
  }
}
