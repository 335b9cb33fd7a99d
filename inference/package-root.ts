import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of Trivium's own package.json, at or above the module `from` (an `import.meta.url`):
 * sources and bundles lie at different depths below it. Throws when there is none.
 */
export function packageRoot(from: string): string {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    if (nameIn(join(folder, 'package.json')) === 'trivium') return folder
    if (folder === dirname(folder)) throw new Error(`no package.json of trivium above ${from}`)
  }
}

function nameIn(path: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof value === 'object' && value !== null && 'name' in value ? value.name : undefined
  } catch {
    return undefined
  }
}
