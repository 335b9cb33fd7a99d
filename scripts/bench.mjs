// Runs one benchmark from its source, on freshly built programs: `node scripts/bench.mjs NAME`.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPrograms } from './build.mjs'

const folder = join(dirname(fileURLToPath(import.meta.url)), 'bench')
const [name = '', ...args] = process.argv.slice(2)
const program = join(folder, `${name}.ts`)
if (!/^[a-z-]+$/.test(name) || !existsSync(program)) {
  process.stderr.write(`bench: there is no ${program}\n`)
  process.exit(2)
}
await buildPrograms()
const { status } = spawnSync(process.execPath, ['--import', 'tsx', program, ...args], {
  stdio: 'inherit',
})
process.exitCode = status ?? 1
