import type { Delta, End } from '../../shared/schemas/battle.ts'
import { SIDES, type PerSide } from '../../shared/verdicts.ts'
import { toAnswerEnd } from './answer-end.ts'
import { turnOf, type LiveBattle } from './live-battle.ts'
import type { Cursor } from './transcript.ts'

/**
 * Above this much unsent data a reader gets nothing more until it has caught up; it then goes on
 * from its cursor, so that a stalled reader costs no memory beyond this.
 */
export const MAX_QUEUED_BYTES = 256 * 1024

/** What one reader is told at once: a long replay must not hold up everybody else. */
const MAX_ITEMS_PER_TELL = 250

/** Battles that one connection hears of; beyond that the one it joined first is left. */
const MAX_SEATS_PER_READER = 32

/** One connection that can be told of battles. */
export type Reader = {
  readonly id: string
  /** Whether it can still be reached. */
  isOpen(): boolean
  /** Bytes that wait to be sent. */
  queuedBytes(): number
  sendDelta(delta: Delta): void
  sendEnd(end: End): void
}

type Seat = { readonly reader: Reader; turn: number; cursors: PerSide<Cursor> }

/**
 * Who listens to which battle, and how far each has heard. A reader is nothing but a place in the
 * transcript: live frames, a replay after a reconnect and catching up after a stall are one thing.
 */
export class Audience {
  readonly #seats = new Map<string, Map<string, Seat>>()
  readonly #heardBy = new Map<string, Set<string>>()

  /** Seats a reader, from a place on; a reader who has a seat moves to this place. */
  join(battle: LiveBattle, reader: Reader, turn: number, from: PerSide<number>): void {
    const sides = turnOf(battle, turn)?.sides
    // Who left while the act was being written down would keep the seat for ever.
    if (sides === undefined || !reader.isOpen()) return
    const seats = this.#seats.get(battle.id) ?? new Map<string, Seat>()
    this.#seats.set(battle.id, seats)
    seats.set(reader.id, {
      reader,
      turn,
      cursors: { a: sides.a.cursorAt(from.a), b: sides.b.cursorAt(from.b) },
    })
    const heard = this.#heardBy.get(reader.id) ?? new Set<string>()
    this.#heardBy.set(reader.id, heard)
    heard.delete(battle.id)
    heard.add(battle.id)
    for (const oldest of heard) {
      if (heard.size <= MAX_SEATS_PER_READER) break
      this.#unseat(reader.id, oldest)
      heard.delete(oldest)
    }
  }

  /** Whether this reader hears of this battle already. */
  has(battle: LiveBattle, reader: Reader): boolean {
    return this.#seats.get(battle.id)?.has(reader.id) ?? false
  }

  /** Forgets a connection. */
  leave(readerId: string): void {
    for (const battleId of this.#heardBy.get(readerId) ?? []) this.#unseat(readerId, battleId)
    this.#heardBy.delete(readerId)
  }

  /**
   * Tells everybody what is new.
   *
   * @returns whether somebody could not take all of it and has to be told later
   */
  tell(battle: LiveBattle): boolean {
    const seats = this.#seats.get(battle.id)
    if (seats === undefined) return false
    let behind = false
    for (const seat of seats.values()) {
      if (!tellSeat(battle, seat)) behind = true
    }
    return behind
  }

  #unseat(readerId: string, battleId: string): void {
    const seats = this.#seats.get(battleId)
    seats?.delete(readerId)
    if (seats?.size === 0) this.#seats.delete(battleId)
  }
}

/** @returns false if the reader has to catch up first */
function tellSeat(battle: LiveBattle, seat: Seat): boolean {
  let queued = seat.reader.queuedBytes()
  for (let items = 0; items < MAX_ITEMS_PER_TELL; items += 1) {
    const sides = turnOf(battle, seat.turn)?.sides
    if (sides === undefined) return true
    if (queued > MAX_QUEUED_BYTES) return false
    const a = sides.a.next(seat.cursors.a)
    const b = sides.b.next(seat.cursors.b)
    if (a === undefined && b === undefined) {
      if (seat.turn >= battle.turns.length) return true
      seat.turn += 1
      seat.cursors = { a: { seq: 0, ends: 0 }, b: { seq: 0, ends: 0 } }
      continue
    }
    const delta: Delta = { battleId: battle.id, turn: seat.turn }
    if (a !== undefined && 'frame' in a) delta.a = a.frame
    if (b !== undefined && 'frame' in b) delta.b = b.frame
    if (delta.a !== undefined || delta.b !== undefined) {
      seat.reader.sendDelta(delta)
      queued += (delta.a?.text.length ?? 0) + (delta.b?.text.length ?? 0)
    }
    for (const side of SIDES) {
      const item = side === 'a' ? a : b
      if (item === undefined || !('end' in item)) continue
      const { seq } = item.end
      const end = toAnswerEnd(item.end)
      seat.reader.sendEnd({ battleId: battle.id, turn: seat.turn, side, seq, ...end })
    }
  }
  return false
}
