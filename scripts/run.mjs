// Runs one of the arena's programs, building first what is not built: `node scripts/run.mjs NAME`.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildPage, buildPrograms } from './build.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const PROGRAMS = {
  start: 'server/main.mjs',
  inference: 'inference/main.mjs',
  admin: 'scripts/admin.mjs',
  rebuild: 'scripts/rebuild.mjs',
  classify: 'scripts/classify.mjs',
  simulate: 'scripts/simulate.mjs',
  ratings: 'scripts/ratings.mjs',
  models: 'scripts/models.mjs',
  'check-cuda': 'scripts/check-cuda.mjs',
}

const [name, ...args] = process.argv.slice(2)
if (name === 'dev') {
  dev()
} else if (Object.hasOwn(PROGRAMS, name ?? '')) {
  await buildPrograms()
  if (name === 'start') await buildPage()
  const program = join(root, 'dist', PROGRAMS[name])
  if (process.env.npm_lifecycle_event !== undefined) endWithParent()
  // The program runs in this process, so that signals and exit codes are its own.
  process.argv = [process.argv[0], program, ...args]
  await import(pathToFileURL(program).href)
} else {
  process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(PROGRAMS).join(' | ')} | dev\n`)
  process.exitCode = 2
}

/** Ends in order when npm, which started this, was killed: nobody could stop it with Ctrl-C any more. */
function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 500)
  watch.unref()
}

/** The arena from its sources, restarted on changes, and vite's server for the page before it. */
function dev() {
  const children = [
    spawn('npx', ['tsx', 'watch', 'server/main.ts'], { cwd: root, stdio: 'inherit' }),
    spawn('npx', ['vite'], { cwd: root, stdio: 'inherit' }),
  ]
  for (const child of children) {
    child.on('exit', () => {
      for (const other of children) other.kill()
    })
  }
}
