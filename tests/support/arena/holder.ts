import type { BattleState, Delta, End } from '../../../shared/schemas/battle.ts'
import type { PerSide, Side } from '../../../shared/verdicts.ts'
import { connect, type ClientSocket } from './client.ts'
import { granted } from './stage.ts'

/** What one side of one turn has come to, in the hands of a client. */
type Held = { text: string; seq: number; ends: End[] }

/**
 * A client that loses its connection and resumes with the numbers it holds. It is as strict as a
 * client can be: whatever does not follow on what it holds is a fault, and so is a number that
 * comes again with another meaning.
 */
export class Holder {
  readonly faults: string[] = []
  /** Every frame that was ever received, by `turn:side:seq`, as it came. */
  readonly frames = new Map<string, string>()
  readonly #turns: PerSide<Held>[] = []
  readonly #url: () => string
  readonly #cookie: string
  readonly #battleId: string
  #socket: ClientSocket | undefined
  #resumed = false
  #waiting: (() => void)[] = []

  /** @param url where the arena is now: it may be another after a restart */
  constructor(url: () => string, cookie: string, battleId: string) {
    this.#url = url
    this.#cookie = cookie
    this.#battleId = battleId
  }

  get connected(): boolean {
    return this.#socket !== undefined
  }

  /** A connection that is resumed, for acts of this tab. */
  get socket(): ClientSocket {
    if (this.#socket === undefined) throw new Error('this tab is not connected')
    return this.#socket
  }

  /** The turn that this client is in; the first one before anything came. */
  get turn(): number {
    return Math.max(1, this.#turns.length)
  }

  held(turn: number): PerSide<Held> {
    while (this.#turns.length < turn) {
      this.#turns.push({ a: { text: '', seq: 0, ends: [] }, b: { text: '', seq: 0, ends: [] } })
    }
    return this.#turns[turn - 1] ?? expectTurn(turn)
  }

  /** The last end of a side, if it came after everything else of it. */
  end(turn: number, side: Side): End | undefined {
    const { seq, ends } = this.held(turn)[side]
    const last = ends.at(-1)
    return last?.seq === seq ? last : undefined
  }

  /** Connects anew and resumes from what is held. */
  async resume(): Promise<BattleState> {
    const socket = await connect(this.#url(), this.#cookie)
    this.#resumed = false
    this.#socket = socket
    socket.on('battle:delta', (delta) => this.#onDelta(delta))
    socket.on('battle:end', (end) => this.#onEnd(end))
    const { turn } = this
    const { a, b } = this.held(turn)
    this.#resumed = true
    const ack = await socket.emitWithAck('battle:resume', {
      battleId: this.#battleId,
      turn,
      from: { a: a.seq, b: b.seq },
    })
    return granted(ack).state
  }

  /** Breaks the connection off, as a tunnel does. */
  drop(): void {
    this.#socket?.disconnect()
    this.#socket = undefined
  }

  async until(condition: (holder: this) => boolean): Promise<void> {
    while (!condition(this)) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #onDelta(delta: Delta): void {
    if (delta.battleId !== this.#battleId) return
    if (!this.#resumed) this.faults.push('a delta came before the resume')
    for (const side of ['a', 'b'] as const) {
      const frame = delta[side]
      if (frame === undefined) continue
      const held = this.held(delta.turn)[side]
      if (frame.seq !== held.seq + 1) {
        this.faults.push(`turn ${delta.turn}, side ${side}: ${frame.seq} came after ${held.seq}`)
      }
      held.seq = frame.seq
      held.text = frame.restart === true ? frame.text : held.text + frame.text
      this.#remember(`${delta.turn}:${side}:${frame.seq}`, JSON.stringify(frame))
    }
    this.#wake()
  }

  #onEnd(end: End): void {
    if (end.battleId !== this.#battleId) return
    if (!this.#resumed) this.faults.push('an end came before the resume')
    const held = this.held(end.turn)[end.side]
    if (end.seq !== held.seq) {
      this.faults.push(`turn ${end.turn}, side ${end.side}: end at ${end.seq} after ${held.seq}`)
    }
    held.ends.push(end)
    this.#wake()
  }

  #remember(key: string, frame: string): void {
    const before = this.frames.get(key)
    if (before !== undefined && before !== frame) {
      this.faults.push(`${key} was ${before} and came again as ${frame}`)
    }
    this.frames.set(key, frame)
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}

function expectTurn(turn: number): never {
  throw new Error(`there is no turn ${turn}`)
}
