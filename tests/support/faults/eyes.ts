import type { Delta, End } from '../../../shared/schemas/battle.ts'
import type { PerSide, Side } from '../../../shared/verdicts.ts'
import { connect, newVisitor, type ClientSocket } from '../arena/client.ts'

/** How a side has gone so far, as this visitor sees it. */
export type Seen = {
  text: string
  seq: number
  end: End | undefined
  /** When its first text came and when its end did, on this process's clock. */
  begunAt: number
  endedAt: number
}

/** A visitor who keeps every byte that comes before a vote, and is told of every battle of theirs. */
export class Eyes {
  /** Everything that was received, over the socket and over HTTP, headers included. */
  received = ''
  /** Numbers that did not follow. */
  readonly faults: string[] = []
  readonly socket: ClientSocket
  /** The same visitor elsewhere, who votes: what comes of it is seen there alone. */
  readonly voter: ClientSocket
  readonly #url: string
  readonly #cookie: string
  readonly #battles = new Map<string, PerSide<Seen>>()
  #waiting: (() => void)[] = []

  private constructor(url: string, cookie: string, socket: ClientSocket, voter: ClientSocket) {
    this.#url = url
    this.#cookie = cookie
    this.socket = socket
    this.voter = voter
    socket.io.engine.on('packet', ({ data }: { data?: unknown }) => {
      this.received += `${typeof data === 'string' ? data : JSON.stringify(data)}\n`
    })
    socket.on('battle:delta', (delta) => this.#onDelta(delta))
    socket.on('battle:end', (end) => this.#onEnd(end))
  }

  static async open(url: string): Promise<Eyes> {
    const cookie = await newVisitor(url)
    return new Eyes(url, cookie, await connect(url, cookie), await connect(url, cookie))
  }

  /** What has been seen of a battle's first turn. */
  of(battleId: string): PerSide<Seen> {
    let seen = this.#battles.get(battleId)
    if (seen === undefined) {
      const nothing = (): Seen => ({ text: '', seq: 0, end: undefined, begunAt: 0, endedAt: 0 })
      seen = { a: nothing(), b: nothing() }
      this.#battles.set(battleId, seen)
    }
    return seen
  }

  /** Resolves when a side, or both, has ended. */
  async ended(battleId: string, sides: readonly Side[] = ['a', 'b']): Promise<void> {
    const seen = this.of(battleId)
    while (sides.some((side) => seen[side].end === undefined)) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** A call of this visitor over HTTP. */
  async get(path: string): Promise<{ status: number; text: string }> {
    const headers = { cookie: this.#cookie }
    const response = await fetch(`${this.#url}${path}`, { headers, redirect: 'manual' })
    const text = await response.text()
    this.received += `${response.status} ${JSON.stringify([...response.headers])}\n${text}\n`
    return { status: response.status, text }
  }

  close(): void {
    this.socket.disconnect()
    this.voter.disconnect()
  }

  #onDelta(delta: Delta): void {
    for (const side of ['a', 'b'] as const) {
      const frame = delta[side]
      if (frame === undefined) continue
      const seen = this.of(delta.battleId)[side]
      if (frame.seq !== seen.seq + 1) {
        this.faults.push(`${delta.battleId} ${side}: frame ${frame.seq} came after ${seen.seq}`)
      }
      seen.seq = frame.seq
      if (seen.text === '') seen.begunAt = performance.now()
      if (frame.restart === true) {
        seen.text = frame.text
        seen.end = undefined
      } else {
        seen.text += frame.text
      }
    }
  }

  #onEnd(end: End): void {
    const seen = this.of(end.battleId)[end.side]
    seen.end = end
    seen.endedAt = performance.now()
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
