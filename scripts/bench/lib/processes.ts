import { execFileSync, fork, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const LIB = dirname(fileURLToPath(import.meta.url))
const ROOT = join(LIB, '../../..')

/** The core that what is measured runs on, and the one of everything else. */
export const MEASURED = 0
export const LOAD = 1

/** A helper in a process of its own. */
export type Helper = {
  readonly pid: number
  ask<T>(name: string, ...args: unknown[]): Promise<T>
  end(): void
}

const cleanups: (() => void)[] = []
process.once('exit', () => {
  for (const cleanup of cleanups) cleanup()
})

/** A folder that goes away with this process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-bench-'))
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/**
 * Bundles helpers, so that they run as plain JavaScript like the arena: a loader's additions would
 * be measured otherwise.
 *
 * @param names of files in this folder, or paths from here, without their endings
 * @returns their paths, by name
 */
export async function bundleHelpers<Name extends string>(
  ...names: Name[]
): Promise<Record<Name, string>> {
  const cache = join(ROOT, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const outdir = mkdtempSync(join(cache, 'trivium-bench-'))
  cleanups.push(() => rmSync(outdir, { recursive: true, force: true }))
  await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => ({ in: join(LIB, `${name}.ts`), out: basename(name) })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  })
  const paths = names.map((name) => [name, join(outdir, `${basename(name)}.mjs`)] as const)
  return Object.fromEntries(paths) as Record<Name, string>
}

/**
 * Starts a helper.
 *
 * @param core the one that it is bound to; null: none
 */
export function startHelper(program: string, core: number | null): Helper {
  const child = fork(program, { execArgv: [], cwd: ROOT })
  cleanups.push(() => child.kill('SIGKILL'))
  const pid = child.pid ?? 0
  if (core !== null) pin(pid, core)
  const waiting = new Map<number, { resolve(value: unknown): void; reject(cause: Error): void }>()
  let last = 0
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const waiter = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) waiter?.resolve(value)
    else waiter?.reject(new Error(error))
  })
  child.on('exit', (code) => {
    for (const waiter of waiting.values()) waiter.reject(new Error(`a helper ended (${code})`))
  })
  return {
    pid,
    ask: <T>(name: string, ...args: unknown[]) =>
      new Promise<T>((resolve, reject) => {
        last += 1
        waiting.set(last, { resolve: (value) => resolve(value as T), reject })
        child.send({ id: last, name, args })
      }),
    end: () => void child.kill('SIGKILL'),
  }
}

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** Binds all threads of a process to a core, where that can be done. */
export function pin(pid: number, core: number): void {
  if (canPin) execFileSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
}

/** The CPU time of a process so far, all its threads, in microseconds; NaN where nobody tells. */
export function cpuMicros(pid: number): number {
  try {
    let nanoseconds = 0
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const [spent = '0'] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
      nanoseconds += Number(spent)
    }
    return nanoseconds / 1000
  } catch {
    return Number.NaN
  }
}
