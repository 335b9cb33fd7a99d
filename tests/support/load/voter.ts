import { io } from 'socket.io-client'
import type { Ack } from '../../../shared/ack.ts'
import type { BattleState, Receipt } from '../../../shared/schemas/battle.ts'
import { VERDICTS, type Verdicts } from '../../../shared/verdicts.ts'
import { newVisitor, type ClientSocket } from '../arena/client.ts'
import type { History } from './history.ts'
import { oneOf } from './random.ts'

/** How long a voter waits before it asks again where nothing tells it when, in milliseconds. */
const RETRY_MS = 20
/** The share of votes that are sent twice at once. */
const TWICE = 0.2

type VoterDeps = {
  readonly name: string
  /** Where the arena is; waits while it is down. */
  readonly address: () => Promise<string>
  readonly history: History
  readonly random: () => number
  readonly signal: AbortSignal
}

/** The connection went away before an answer came. */
class Disconnected extends Error {}

type Vote = { readonly battleId: string; readonly verdicts: Verdicts }

/** The votes of one visitor that were acknowledged. */
export type CastVotes = { readonly cookie: string | undefined; readonly votes: readonly Vote[] }

type Open = { readonly key: string; battleId?: string; readonly verdicts: Verdicts }

/**
 * A visitor who starts battles, waits for both answers and votes, over and over. Whatever is not
 * acknowledged when the connection goes away is sent again on the next one, the same.
 */
export async function runVoter(deps: VoterDeps): Promise<CastVotes> {
  const { history, signal, random } = deps
  let cookie: string | undefined
  let open: Open | undefined
  let battles = 0
  const votes: Vote[] = []

  /** Asks for a vote that was acknowledged before: its receipt must be the same. */
  async function checkReceipt(session: Session, vote: Vote | undefined): Promise<void> {
    if (vote === undefined) return
    const { battleId, verdicts } = vote
    const again = await session.call('battle:vote', { battleId, verdicts })
    if (again.ok) history.acknowledges(battleId, again)
    else history.faults.push(`${battleId}: acknowledged, and then ${again.error.code}`)
  }

  /** @returns whether the battle is over, voted in or not */
  async function cast(session: Session, battle: Open): Promise<boolean> {
    const { battleId, verdicts } = battle
    if (battleId === undefined) return true
    history.sends(battleId, verdicts)
    const twice = random() < TWICE ? session.call('battle:vote', { battleId, verdicts }) : undefined
    const acks = await Promise.all([session.call('battle:vote', { battleId, verdicts }), twice])
    let over = false
    for (const ack of acks) {
      if (ack === undefined) continue
      if (ack.ok) history.acknowledges(battleId, ack)
      else if (ack.error.code === 'battle_not_votable') history.refuses(battleId)
      else if (!ack.error.retryable) history.faults.push(`${battleId}: ${ack.error.code}`)
      over ||= ack.ok || !ack.error.retryable
    }
    return over
  }

  /** Starts a battle, or takes up the one of this key, until both sides have ended. */
  async function ask(session: Session, battle: Open, resumed: boolean): Promise<boolean> {
    const started = await session.call('battle:start', {
      prompt: `Question ${battle.key}`,
      clientBattleKey: battle.key,
    })
    if (!started.ok) {
      if (started.error.retryable || started.error.code === 'no_models') await pause()
      else history.faults.push(`${battle.key}: ${started.error.code}`)
      return false
    }
    battle.battleId = started.battleId
    if (resumed) {
      const { battleId } = started
      const from = { a: 0, b: 0 }
      const { state } = orThrow(await session.call('battle:resume', { battleId, turn: 1, from }))
      if (state.a.end?.reason === 'error' || state.b.end?.reason === 'error') return true
    }
    await session.bothEnded(started.battleId)
    return true
  }

  while (!signal.aborted) {
    const session = await openSession(deps, cookie)
    if (session === undefined) continue
    cookie = session.cookie
    try {
      await checkReceipt(session, votes.at(-1))
      let resumed = open !== undefined
      while (!signal.aborted) {
        battles += open === undefined ? 1 : 0
        open ??= { key: `${deps.name}-${battles}`, verdicts: randomVerdicts(random) }
        if (!(await ask(session, open, resumed))) continue
        if (await cast(session, open)) {
          const { battleId, verdicts } = open
          if (battleId !== undefined && history.acknowledged.has(battleId)) {
            votes.push({ battleId, verdicts })
          }
          open = undefined
        }
        resumed = open !== undefined
      }
    } catch (cause) {
      if (!(cause instanceof Disconnected)) throw cause
    } finally {
      session.close()
    }
  }
  return { cookie, votes }
}

/** What the calls that a voter makes are answered with. */
type Answers = {
  'battle:start': { battleId: string }
  'battle:resume': { state: BattleState }
  'battle:vote': Receipt
}

type Session = ReturnType<typeof makeSession>

async function openSession(
  { address, signal }: VoterDeps,
  known: string | undefined,
): Promise<Session | undefined> {
  const url = await address()
  if (signal.aborted) return undefined
  try {
    const cookie = known ?? (await newVisitor(url))
    return makeSession(await connectOrFail(url, cookie), cookie)
  } catch {
    // The arena went away in between: its next address comes when it is back.
    await pause()
    return undefined
  }
}

/** Connects, or fails in every way that an arena can go away meanwhile. */
async function connectOrFail(url: string, cookie: string): Promise<ClientSocket> {
  const socket: ClientSocket = io(url, {
    auth: { protocol: 1 },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie },
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
    // What comes when the transport was open already, but the handshake over it was not done.
    socket.once('disconnect', (reason) => reject(new Error(reason)))
  })
  return socket
}

function makeSession(socket: ClientSocket, cookie: string) {
  const ended = new Map<string, number>()
  const waiting = new Map<string, () => void>()
  socket.on('battle:end', ({ battleId }) => {
    ended.set(battleId, (ended.get(battleId) ?? 0) + 1)
    waiting.get(battleId)?.()
  })

  /** Settles with what comes, or fails when the connection goes away first. */
  async function orDisconnected<T>(start: (resolve: (value: T) => void) => void): Promise<T> {
    if (!socket.connected) throw new Disconnected()
    let lost = (): void => undefined
    try {
      return await new Promise<T>((resolve, reject) => {
        lost = () => reject(new Disconnected())
        socket.once('disconnect', lost)
        start(resolve)
      })
    } finally {
      socket.off('disconnect', lost)
    }
  }

  return {
    cookie,
    call<Name extends keyof Answers>(name: Name, payload: object): Promise<Ack<Answers[Name]>> {
      return orDisconnected((resolve) => {
        const untyped = socket as unknown as { emit(...args: unknown[]): void }
        untyped.emit(name, payload, resolve)
      })
    },

    /** Resolves when both sides of this battle have ended. */
    async bothEnded(battleId: string): Promise<void> {
      if ((ended.get(battleId) ?? 0) < 2) {
        await orDisconnected<void>((resolve) => {
          waiting.set(battleId, () => {
            if ((ended.get(battleId) ?? 0) >= 2) resolve()
          })
        })
      }
      ended.delete(battleId)
      waiting.delete(battleId)
    },

    close: () => void socket.disconnect(),
  }
}

function randomVerdicts(random: () => number): Verdicts {
  const verdicts = {
    accuracy: oneOf(VERDICTS, random),
    helpfulness: oneOf(VERDICTS, random),
    language: oneOf(VERDICTS, random),
  }
  const says = Object.values(verdicts).some((verdict) => verdict !== 'skip')
  return says ? verdicts : { ...verdicts, accuracy: 'a' }
}

function orThrow<T extends object>(ack: Ack<T>): T {
  if (!ack.ok) throw new Error(`${ack.error.code}: ${ack.error.message}`)
  return ack
}

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
}
