import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PACKAGE_ROOT } from '../paths.ts'

const NAME = 'rating-worker.mjs'
const SOURCE = 'server/ratings/worker.ts'

/** Inside the package, so that the program finds the packages that it imports. */
const CACHE = join(PACKAGE_ROOT, 'node_modules/.cache/trivium')

let bundled: Promise<string> | undefined

/**
 * The file of the rating worker's program: a thread loads a file of its own. Built programs have it
 * beside them. From sources (tests, development) it is bundled once per process, which takes a tenth
 * of the time that loading each source in the thread would.
 *
 * @throws Error if it can be neither found nor built
 */
export function ratingWorkerProgram(): Promise<string> {
  const here = dirname(fileURLToPath(import.meta.url))
  // Whatever imports this is the program itself, or a chunk that it shares with others.
  const built = [here, join(here, '../server')]
    .map((folder) => join(folder, NAME))
    .find((path) => existsSync(path))
  if (built !== undefined) return Promise.resolve(built)
  bundled ??= bundle()
  return bundled
}

async function bundle(): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    absWorkingDir: PACKAGE_ROOT,
    entryPoints: [SOURCE],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'silent',
  })
  const text = outputFiles[0]?.contents ?? new Uint8Array()
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16)
  const path = join(CACHE, `rating-worker-${digest}.mjs`)
  if (existsSync(path)) return path
  await mkdir(CACHE, { recursive: true })
  // Several processes may do this at once: each puts a whole file in place.
  const draft = `${path}.${process.pid}`
  await writeFile(draft, text)
  await rename(draft, path)
  return path
}
