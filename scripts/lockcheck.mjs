// Every optional dependency named in the lock must be in the lock; otherwise `npm ci` fails (EUSAGE) here
// and users on other platforms miss their native binary.
import { readFileSync } from 'node:fs'
const { packages } = JSON.parse(readFileSync(process.argv[2] ?? 'package-lock.json', 'utf8'))
const missing = new Map()
for (const [path, p] of Object.entries(packages))
  for (const name of Object.keys(p.optionalDependencies ?? {})) {
    let dir = path,
      found = false
    for (;;) {
      if (packages[(dir ? dir + '/' : '') + 'node_modules/' + name]) {
        found = true
        break
      }
      if (!dir) break
      dir = dir.includes('/node_modules/') ? dir.slice(0, dir.lastIndexOf('/node_modules/')) : ''
    }
    if (!found) {
      const k = `${path || '.'}@${p.version}`
      missing.set(k, (missing.get(k) ?? 0) + 1)
    }
  }
for (const [k, n] of missing) console.log(n, 'optional dependencies missing for', k)
process.exit(missing.size ? 1 : 0)
