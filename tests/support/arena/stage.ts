import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import type { Receipt } from '../../../shared/schemas/battle.ts'
import type { PerSide, Verdicts } from '../../../shared/verdicts.ts'
import { startArena, type TestArena } from './arena.ts'
import { connect, Listener, newVisitor, type ClientSocket } from './client.ts'
import {
  answers,
  byHand,
  startMockProvider,
  type Behaviour,
  type Exchange,
  type MockProvider,
} from './mock-provider.ts'

/** A vote that says something in every dimension. */
export const VERDICTS: Verdicts = { accuracy: 'a', helpfulness: 'tie', language: 'b' }

/** An arena with models whose answers a test drives; and who sits where. */
export type Stage = {
  arena: TestArena
  readonly provider: MockProvider
  readonly slugs: readonly string[]
  /** From now on these models' answers to questions that begin with `by hand` wait for a test. */
  exchange(slug: string, prompt: string): Promise<Exchange>
  /** Both answers to a question that is driven by hand, by side. */
  exchanges(battleId: string, prompt: string): Promise<PerSide<Exchange>>
  /** Which models answer: read where the arena keeps it, since nobody outside may know. */
  seats(battleId: string): PerSide<string>
  /** A visitor with a connection. */
  visitor(): Promise<{ cookie: string; socket: ClientSocket }>
  /** Ends the arena and starts it again on the same folder. */
  restart(env?: Record<string, string>, whileStopped?: (folder: string) => void): Promise<void>
  close(): Promise<void>
}

/** Questions that begin like this wait for the test; all others are answered at once. */
const BY_HAND = 'by hand'

/**
 * @param slugs the models; each answers `<slug> says so.`, without its name, unless driven by hand
 */
export async function setStage(
  env: Record<string, string> = {},
  slugs: readonly string[] = ['alpha', 'beta'],
): Promise<Stage> {
  const provider = await startMockProvider()
  const hands = new Map<string, ReturnType<typeof byHand>>()
  const handOf = (slug: string, prompt: string) => {
    const key = `${slug}: ${prompt}`
    const hand = hands.get(key) ?? byHand()
    hands.set(key, hand)
    return hand
  }
  const behaviour =
    (slug: string): Behaviour =>
    (exchange) => {
      const prompt = exchange.request.body.messages.at(-1)?.content ?? ''
      if (prompt.startsWith(BY_HAND)) return handOf(slug, prompt).behaviour(exchange)
      return answers('One answer. ', `It has ${slug.length} letters.`)(exchange)
    }
  const register = async (arena: TestArena) => {
    for (const slug of slugs) {
      provider.behave(slug, behaviour(slug))
      await arena.register(slug, provider.baseUrl)
    }
  }
  const stage: Stage = {
    arena: await startArena(env),
    provider,
    slugs,
    exchange: (slug, prompt) => handOf(slug, prompt).next(),
    async exchanges(battleId, prompt) {
      const { a, b } = stage.seats(battleId)
      return { a: await stage.exchange(a, prompt), b: await stage.exchange(b, prompt) }
    },
    seats: (battleId) => {
      const db = new BetterSqlite(join(stage.arena.folder, 'arena.db'), { readonly: true })
      const row = db
        .prepare<[string], PerSide<string>>(
          'select slug_a as a, slug_b as b from battles where id = ?',
        )
        .get(battleId)
      db.close()
      if (row === undefined) throw new Error(`no battle ${battleId}`)
      return row
    },
    async visitor() {
      const cookie = await newVisitor(stage.arena.url)
      return { cookie, socket: await connect(stage.arena.url, cookie) }
    },
    async restart(more = {}, whileStopped = () => undefined) {
      const { folder } = stage.arena
      await stage.arena.close()
      whileStopped(folder)
      stage.arena = await startArena({ ...env, ...more }, folder)
    },
    async close() {
      await stage.arena.close()
      await stage.arena.remove()
      await provider.close()
    },
  }
  await register(stage.arena)
  return stage
}

/** The content of a positive ack, or an error with its code. */
export function granted<T extends object>(ack: T & { ok: boolean }): Extract<T, { ok: true }> {
  if (!ack.ok) throw new Error((ack as unknown as { error: { code: string } }).error.code)
  return ack as unknown as Extract<T, { ok: true }>
}

/** Starts a battle. */
export async function start(socket: ClientSocket, prompt = 'Who is there?'): Promise<string> {
  return granted(await socket.emitWithAck('battle:start', { prompt })).battleId
}

/** Starts a battle and listens to its first turn. */
export async function begin(
  socket: ClientSocket,
  prompt?: string,
): Promise<{ battleId: string; heard: Listener }> {
  const heard = new Listener(socket)
  const battleId = await start(socket, prompt)
  heard.only(battleId)
  return { battleId, heard }
}

/** Asks the next question of a battle and listens to that turn. */
export async function goOn(
  socket: ClientSocket,
  battleId: string,
  prompt: string,
  turn = 2,
): Promise<Listener> {
  const heard = new Listener(socket, turn)
  granted(await socket.emitWithAck('battle:continue', { battleId, prompt }))
  heard.only(battleId)
  return heard
}

/** Starts a battle and waits until both answers have ended. */
export async function play(
  socket: ClientSocket,
  prompt?: string,
): Promise<{ battleId: string; heard: Listener }> {
  const { battleId, heard } = await begin(socket, prompt)
  await heard.bothEnded()
  heard.stop()
  return { battleId, heard }
}

/** Gives a vote that has to be taken. */
export async function vote(
  socket: ClientSocket,
  battleId: string,
  verdicts: Verdicts = VERDICTS,
): Promise<Receipt> {
  return granted(await socket.emitWithAck('battle:vote', { battleId, verdicts }))
}

/** Changes rows of a stopped arena by hand. */
export function changeRows(folder: string, sql: string, ...values: (string | number)[]): void {
  const db = new BetterSqlite(join(folder, 'arena.db'))
  const { changes } = db.prepare(sql).run(...values)
  db.close()
  if (changes === 0) throw new Error(`no row was changed by: ${sql}`)
}
