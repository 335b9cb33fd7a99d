import { io, type Socket } from 'socket.io-client'
import type { ClientToServerEvents, ServerToClientEvents } from '../../../shared/events.ts'
import { VISITOR_COOKIE } from '../../../shared/protocol.ts'
import type { Delta, End } from '../../../shared/schemas/battle.ts'

export type ClientSocket = Socket<ServerToClientEvents, ClientToServerEvents>

/** Makes a visitor: the cookie that a call to `/api/v1/models` sets. */
export async function newVisitor(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/models`)
  await response.arrayBuffer()
  const cookie = response.headers.getSetCookie().find((each) => each.startsWith(VISITOR_COOKIE))
  if (cookie === undefined) throw new Error('no visitor cookie was set')
  return cookie.split(';')[0] ?? ''
}

/** Connects a visitor over a WebSocket. */
export async function connect(url: string, cookie?: string): Promise<ClientSocket> {
  const socket: ClientSocket = io(url, {
    auth: { protocol: 1 },
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    ...(cookie === undefined ? {} : { extraHeaders: { cookie } }),
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
    // The server may end between the transport and the handshake.
    socket.once('disconnect', (reason) => reject(new Error(`disconnected: ${reason}`)))
  })
  return socket
}

/**
 * Collects what a connection hears of one turn of its one battle, strictly: a gap or a repetition
 * is a fault.
 */
export class Listener {
  readonly texts = { a: '', b: '' }
  readonly seqs = { a: 0, b: 0 }
  readonly ends: Partial<Record<'a' | 'b', End>> = {}
  readonly deltas: Delta[] = []
  readonly faults: string[] = []
  readonly #socket: ClientSocket
  readonly #turn: number
  #battleId: string | undefined
  #unsorted: (() => void)[] = []
  #waiting: (() => void)[] = []

  /** @param turn frames of other turns are left to other listeners */
  constructor(socket: ClientSocket, turn = 1) {
    this.#socket = socket
    this.#turn = turn
    socket.on('battle:delta', this.#onDelta)
    socket.on('battle:end', this.#onEnd)
  }

  /** Resolves once this holds; it is asked again after everything that is heard. */
  async until(condition: (listener: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves when both sides have ended. */
  bothEnded(): Promise<void> {
    return this.until(({ ends }) => ends.a !== undefined && ends.b !== undefined)
  }

  /** Leaves what is heard of other battles of this connection aside, also what came before. */
  only(battleId: string): void {
    this.#battleId = battleId
    this.deltas.length = 0
    this.faults.length = 0
    Object.assign(this.texts, { a: '', b: '' })
    Object.assign(this.seqs, { a: 0, b: 0 })
    delete this.ends.a
    delete this.ends.b
    const before = this.#unsorted
    this.#unsorted = []
    for (const replay of before) replay()
  }

  stop(): void {
    this.#socket.off('battle:delta', this.#onDelta)
    this.#socket.off('battle:end', this.#onEnd)
  }

  readonly #onDelta = (delta: Delta) => {
    if (delta.turn !== this.#turn || !this.#isOurs(delta.battleId)) return
    if (this.#battleId === undefined) this.#unsorted.push(() => this.#onDelta(delta))
    this.deltas.push(delta)
    for (const side of ['a', 'b'] as const) {
      const frame = delta[side]
      if (frame === undefined) continue
      if (frame.seq !== this.seqs[side] + 1) {
        this.faults.push(`side ${side}: frame ${frame.seq} came after ${this.seqs[side]}`)
      }
      this.seqs[side] = frame.seq
      this.texts[side] = frame.restart === true ? frame.text : this.texts[side] + frame.text
      if (frame.restart === true) delete this.ends[side]
    }
    this.#wake()
  }

  readonly #onEnd = (end: End) => {
    if (end.turn !== this.#turn || !this.#isOurs(end.battleId)) return
    if (this.#battleId === undefined) this.#unsorted.push(() => this.#onEnd(end))
    this.ends[end.side] = end
    this.#wake()
  }

  #isOurs(battleId: string): boolean {
    return this.#battleId === undefined || this.#battleId === battleId
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
