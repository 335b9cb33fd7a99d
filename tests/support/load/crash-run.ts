import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { PACKAGE_ROOT } from '../../../server/paths.ts'
import { DIMENSIONS } from '../../../shared/dimensions.ts'
import type { ExportedVote } from '../../../shared/schemas/export.ts'
import type { Board } from '../../../shared/schemas/leaderboard.ts'
import { connect } from '../arena/client.ts'
import { answers, startMockProvider } from '../arena/mock-provider.ts'
import {
  arenaSettings,
  registerModels,
  startArenaProcess,
  type ArenaProcess,
} from './arena-process.ts'
import type { Bundle } from './bundle.ts'
import { History } from './history.ts'
import { seededRandom } from './random.ts'
import { replay } from './replay.ts'
import { runVoter, type CastVotes } from './voter.ts'

const SLUGS = ['alpha', 'beta', 'gamma', 'delta'] as const
/** After so many crashes one start is killed as well, within so many milliseconds. */
const KILLED_WHILE_STARTING = 5
const STARTING_MS = 1500
/** A run is killed while one of its first so many votes is on its way. */
const VOTES_PER_RUN = 120
/** And up to so many milliseconds later, so that every step of a vote's way is met. */
const EXTRA_MS = 12

export type CrashOptions = {
  readonly kills: number
  readonly voters: number
  readonly seed: number
  readonly programs: Bundle
  readonly votesPerRun?: number
  /** How often the ratings are rebuilt while voters vote, after the crashes. */
  readonly rebuilds: number
}

export type CrashReport = {
  readonly kills: number
  readonly killsWhileStarting: number
  readonly sent: number
  readonly acknowledged: number
  readonly stored: number
  readonly refused: number
  /** From the start of a process to its first answer, in milliseconds, in order of size. */
  readonly startMs: readonly number[]
  /** Everything that is not as it should be, in words. */
  readonly differences: readonly string[]
}

/**
 * Kills an arena over and over while voters vote over real sockets, then holds what it stored
 * against what it had said.
 */
export async function runCrashes(options: CrashOptions): Promise<CrashReport> {
  const folder = mkdtempSync(join(tmpdir(), 'trivium-crash-'))
  const database = join(folder, 'arena.db')
  const settings = arenaSettings(database)
  const provider = await startMockProvider()
  for (const slug of SLUGS) provider.behave(slug, answers('An answer ', `of ${slug}.`))
  const history = new History()
  const random = seededRandom(options.seed)
  const stopped = new AbortController()
  const door = new Door()
  const startMs: number[] = []
  const differences: string[] = []
  let killsWhileStarting = 0
  let arena: ArenaProcess | undefined

  async function open(): Promise<{ arena: ArenaProcess; url: string }> {
    const begun = performance.now()
    arena = startArenaProcess(settings, options.programs.arena)
    const url = await arena.ready
    startMs.push(performance.now() - begun)
    return { arena, url }
  }

  try {
    let up = await open()
    await registerModels(up.url, provider.baseUrl, SLUGS)
    const voters = Array.from({ length: options.voters }, (_, index) =>
      runVoter({
        name: `voter-${index}`,
        address: () => door.address,
        history,
        random,
        signal: stopped.signal,
      }),
    )
    // A voter who fails ends the run at once rather than by its time-out.
    const failed = Promise.all(voters).then(() => new Promise<never>(() => undefined))
    failed.catch(() => undefined)

    for (let kill = 1; kill <= options.kills; kill += 1) {
      door.open(up.url)
      const votes = 1 + Math.floor(random() * (options.votesPerRun ?? VOTES_PER_RUN))
      await Promise.race([history.nextSendings(votes), failed])
      if (random() < 0.5) await sleep(random() * EXTRA_MS)
      door.shut()
      await up.arena.kill()
      differences.push(...inspectCrashed(folder, database, history.takeFresh()))
      if (kill % KILLED_WHILE_STARTING === 0) {
        arena = startArenaProcess(settings, options.programs.arena)
        await Promise.race([arena.exited, sleep(random() * STARTING_MS)])
        await arena.kill()
        killsWhileStarting += 1
      }
      up = await open()
    }

    door.open(up.url)
    await Promise.race([history.nextSendings(options.voters), failed])
    for (let rebuild = 0; rebuild < options.rebuilds; rebuild += 1) {
      const said = await run(options.programs.rebuild, settings)
      if (!/^rebuilt from \d+ votes\n$/.test(said)) differences.push(`rebuild: ${said}`)
    }
    stopped.abort()
    await recheckReceipts(up.url, await Promise.all(voters), history)
    const log = await readExport(up.url)
    differences.push(...history.differencesFrom(log))
    differences.push(...(await compareBoards(up.url, log, history)))
    differences.push(...(await checkRebuild(settings, options.programs.rebuild)))
    await up.arena.stop()
    differences.push(...(await checkRebuild(settings, options.programs.rebuild)))
    differences.push(...inspectCrashed(folder, database, []))
    return {
      kills: options.kills,
      killsWhileStarting,
      sent: history.sent.size,
      acknowledged: history.acknowledged.size,
      stored: log.length,
      refused: history.refused.size,
      startMs: startMs.sort((left, right) => left - right),
      differences,
    }
  } finally {
    stopped.abort()
    door.open('http://127.0.0.1:9')
    await arena?.kill()
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where the arena is, for those who wait while it is down. */
class Door {
  #address: Promise<string>
  #opened: ((url: string) => void) | undefined

  constructor() {
    this.#address = new Promise((resolve) => (this.#opened = resolve))
  }

  get address(): Promise<string> {
    return this.#address
  }

  open(url: string): void {
    this.#opened?.(url)
    this.#address = Promise.resolve(url)
  }

  shut(): void {
    this.#address = new Promise((resolve) => (this.#opened = resolve))
  }
}

/** Looks at a copy of what a crash left, so that the arena itself meets the original. */
function inspectCrashed(folder: string, database: string, acknowledged: string[]): string[] {
  const copy = join(folder, 'copy.db')
  for (const suffix of ['', '-wal']) {
    rmSync(copy + suffix, { force: true })
    if (existsSync(database + suffix)) copyFileSync(database + suffix, copy + suffix)
  }
  rmSync(`${copy}-shm`, { force: true })
  const db = new BetterSqlite(copy)
  try {
    const verdict = db.pragma('integrity_check', { simple: true })
    const found = db.prepare('select 1 from votes where battle_id = ?').pluck()
    return [
      ...(verdict === 'ok' ? [] : [`integrity_check: ${String(verdict)}`]),
      ...acknowledged
        .filter((battleId) => found.get(battleId) === undefined)
        .map((battleId) => `${battleId} was acknowledged and did not survive the crash`),
    ]
  } finally {
    db.close()
  }
}

/** Asks for every receipt once more. */
async function recheckReceipts(url: string, cast: CastVotes[], history: History): Promise<void> {
  await Promise.all(
    cast.map(async ({ cookie, votes }) => {
      const socket = await connect(url, cookie)
      for (const { battleId, verdicts } of votes) {
        const ack = await socket.emitWithAck('battle:vote', { battleId, verdicts })
        if (ack.ok) history.acknowledges(battleId, ack)
        else history.faults.push(`${battleId}: acknowledged, and then ${ack.error.code}`)
      }
      socket.disconnect()
    }),
  )
}

async function readExport(url: string): Promise<ExportedVote[]> {
  const text = await (await fetch(`${url}/api/v1/exports/votes`)).text()
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ExportedVote)
}

/** The boards and the receipts against a replay of the exported file. */
async function compareBoards(
  url: string,
  log: readonly ExportedVote[],
  history: History,
): Promise<string[]> {
  const differences: string[] = []
  const { boards, effects } = replay(log)
  for (const dimension of DIMENSIONS) {
    const answer = await fetch(`${url}/api/v1/leaderboard?dimension=${dimension}&method=elo`)
    const board = (await answer.json()) as Board
    const lines = board.rows.map(({ model, elo, votes, wins, losses, ties, bothBad }) => [
      model.slug,
      { elo, votes, wins, losses, ties, bothBad },
    ])
    const expected = [...boards[dimension]].sort(
      ([slugLeft, left], [slugRight, right]) =>
        right.elo - left.elo || (slugLeft < slugRight ? -1 : 1),
    )
    const [shown, replayed] = [JSON.stringify(lines), JSON.stringify(expected)]
    if (shown !== replayed) differences.push(`${dimension}: ${shown}, replayed ${replayed}`)
  }
  for (const { voteId, ratings } of history.acknowledged.values()) {
    if (ratings === null) continue
    const [told, replayed] = [canonical(ratings), canonical(effects.get(voteId))]
    if (told !== replayed) differences.push(`receipt ${voteId}: ${told}, replayed ${replayed}`)
  }
  return differences
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null
      ? Object.fromEntries(Object.entries(inner).sort(([l], [r]) => (l < r ? -1 : 1)))
      : inner,
  )
}

async function checkRebuild(
  settings: Readonly<Record<string, string>>,
  program: readonly string[],
): Promise<string[]> {
  const said = await run([...program, '--check'], settings)
  return /^the same to the bit: \d+ votes\n$/.test(said) ? [] : [`rebuild --check: ${said}`]
}

/** Runs a program to its end. @returns what it said, on both outputs */
async function run(
  program: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], ...settings }
    execFile(process.execPath, program, { cwd: PACKAGE_ROOT, env }, (cause, stdout, stderr) => {
      resolve(cause === null ? stdout : `${cause.message}\n${stdout}${stderr}`)
    })
  })
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
