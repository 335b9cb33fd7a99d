import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { PACKAGE_ROOT } from '../../../server/paths.ts'

/** Programs as `npm start` would run them, from the present sources. */
export type Bundle = {
  readonly arena: readonly string[]
  readonly rebuild: readonly string[]
  remove(): void
}

/**
 * Bundles the arena and `rebuild` beside the packages that they load. Bundles start in half the
 * time that sources take, and a folder of their own keeps other builds from changing them midway.
 */
export async function bundlePrograms(): Promise<Bundle> {
  const cache = join(PACKAGE_ROOT, 'node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const outdir = mkdtempSync(join(cache, 'trivium-test-'))
  await build({
    absWorkingDir: PACKAGE_ROOT,
    entryPoints: {
      arena: 'server/main.ts',
      rebuild: 'scripts/rebuild.ts',
      'rating-worker': 'server/ratings/worker.ts',
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'warning',
  })
  return {
    arena: [join(outdir, 'arena.mjs')],
    rebuild: [join(outdir, 'rebuild.mjs')],
    remove: () => rmSync(outdir, { recursive: true, force: true }),
  }
}
