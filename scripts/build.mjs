// Builds what `npm start` runs: the programs with esbuild, the page with vite. Each is built only
// when its sources have changed since (by content, so that a checkout's times do not matter).
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const PROGRAMS = {
  'server/main': 'server/main.ts',
  'server/rating-worker': 'server/ratings/worker.ts',
  'inference/main': 'inference/main.ts',
  'scripts/admin': 'scripts/admin.ts',
  'scripts/rebuild': 'scripts/rebuild.ts',
  'scripts/classify': 'scripts/classify.ts',
  'scripts/simulate': 'scripts/simulate.ts',
  'scripts/ratings': 'scripts/ratings.ts',
  'scripts/models': 'scripts/models.ts',
  'scripts/check-cuda': 'scripts/check-cuda.ts',
}

/** Builds the programs of the server side into dist/. */
export async function buildPrograms({ force = false } = {}) {
  await buildIfChanged(
    'programs',
    ['server', 'inference', 'shared', 'scripts'],
    force,
    async () => {
      const { build } = await import('esbuild')
      await build({
        absWorkingDir: root,
        entryPoints: PROGRAMS,
        outdir: 'dist',
        outExtension: { '.js': '.mjs' },
        bundle: true,
        splitting: true,
        chunkNames: 'chunks/[name]-[hash]',
        format: 'esm',
        platform: 'node',
        target: 'node20.19',
        packages: 'external',
        sourcemap: true,
        logLevel: 'warning',
      })
    },
  )
}

/** Builds the page into dist/client, with compressed copies beside what is large. */
export async function buildPage({ force = false } = {}) {
  await buildIfChanged(
    'page',
    ['client', 'shared', 'docs/methods.md', 'vite.config.ts'],
    force,
    async () => {
      await buildForPeople()
      const assets = join(root, 'dist/client/assets')
      for (const name of readdirSync(assets)) {
        if (!/\.(?:js|css)$/.test(name)) continue
        const bytes = readFileSync(join(assets, name))
        if (bytes.length < 1024) continue
        const params = { [constants.BROTLI_PARAM_QUALITY]: 10 }
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(bytes, { params }))
        writeFileSync(join(assets, `${name}.gz`), gzipSync(bytes, { level: 9 }))
      }
    },
  )
}

/** Always as people get it: whoever runs tests has a NODE_ENV that makes React's development build. */
async function buildForPeople() {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    const { build } = await import('vite')
    await build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' })
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}

async function buildIfChanged(name, sources, force, build) {
  const stamp = join(root, 'dist', `.${name}`)
  const wanted = fingerprint([...sources, 'package-lock.json', 'scripts/build.mjs'])
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  process.stderr.write(`building the ${name} …\n`)
  await build()
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
}

function fingerprint(sources) {
  const hash = createHash('sha256')
  for (const file of sources.flatMap((source) => listFiles(join(root, source)))) {
    hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

function listFiles(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => name !== 'models' || !path.endsWith('inference'))
    .sort()
    .flatMap((name) => listFiles(join(path, name)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const force = process.argv.includes('--force')
  await buildPrograms({ force })
  await buildPage({ force })
}
