import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../server/paths.ts'
import { FROM_BUNDLE, startArenaProcess, type ArenaProcess } from '../load/arena-process.ts'

/** The arena as `npm start` runs it, with the bundled model and an empty database of its own. */
export type RealArena = {
  readonly url: string
  readonly process: ArenaProcess
  close(): Promise<void>
}

/** Starts it and waits until battles can begin. */
export async function startRealArena(settings: Record<string, string> = {}): Promise<RealArena> {
  const built = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(built.stderr)
  const folder = await mkdtemp(join(tmpdir(), 'trivium-e2e-'))
  const arena = startArenaProcess(
    {
      PORT: '0',
      DATABASE_URL: `file:${join(folder, 'arena.db')}`,
      LOG_LEVEL: 'warn',
      ...settings,
    },
    FROM_BUNDLE,
  )
  const url = await arena.ready
  for (;;) {
    const ready = (await (await fetch(`${url}/health/ready`)).json()) as {
      models: { state: string }
    }
    if (ready.models.state === 'ready') break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return {
    url,
    process: arena,
    async close() {
      await arena.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
