import { spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../server/paths.ts'
import { startArena, type TestArena } from '../arena/arena.ts'
import { startMockProvider, type MockProvider } from '../arena/mock-provider.ts'

/** An arena with a past that was made up, and two models that really answer. */
export type SimulatedArena = {
  readonly arena: TestArena
  /** The slugs of the two that answer; the simulated ones take no part any more. */
  readonly answering: readonly [string, string]
  close(): Promise<void>
}

/**
 * Starts an arena over so many simulated models and votes, with the page built from the sources.
 *
 * @param prepare changes the database before the arena starts; gets the path of its file
 */
export async function startSimulatedArena(
  models: number,
  votes: number,
  prepare: (file: string) => void = () => undefined,
): Promise<SimulatedArena> {
  const folder = await mkdtemp(join(tmpdir(), 'trivium-simulated-'))
  run(['scripts/build.mjs'])
  run(['scripts/run.mjs', 'simulate', '--models', String(models), '--votes', String(votes)], {
    DATABASE_URL: `file:${join(folder, 'arena.db')}`,
  })
  prepare(join(folder, 'arena.db'))
  const arena = await startArena({}, folder)
  const provider: MockProvider = await startMockProvider()
  const answering = ['bot-a', 'bot-b'] as const
  for (const slug of answering) await arena.register(slug, provider.baseUrl)
  return {
    arena,
    answering,
    async close() {
      await arena.close()
      await arena.remove()
      await provider.close()
    },
  }
}

function run(args: readonly string[], env: Record<string, string> = {}): void {
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  if (status !== 0) throw new Error(stderr)
}
