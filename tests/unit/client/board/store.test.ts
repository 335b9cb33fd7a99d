import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../../client/arena/connection.ts'
import { createBoardStore } from '../../../../client/board/store.ts'
import type { Board, BoardUpdate } from '../../../../shared/schemas/leaderboard.ts'

const slice: Board['slice'] = {
  dimension: 'language',
  method: 'elo',
  language: null,
  category: null,
  judge: 'human',
  turns: 'both',
  style: false,
  weights: null,
}
const board = (version: number): Board => ({
  version,
  slice,
  votes: version,
  rows: [],
  generatedAt: '2026-01-01T00:00:00Z',
  intervals: { kind: 'none', version, voters: 0 },
  outcomes: { decisive: 0, ties: 0, bothBad: 0, skipped: 0 },
  nu: null,
  position: null,
  styleEffects: null,
  leader: null,
  engine: 'test',
})

/** A connection that answers every subscription with the board of the moment. */
function fakeConnection(versions: number[]) {
  const asked: string[] = []
  let update: (update: BoardUpdate) => void = () => undefined
  let online: () => void = () => undefined
  const connection = {
    request: async (event: string) => {
      asked.push(event)
      return { ok: true, board: board(versions.shift() ?? 0) }
    },
    on: (_event: string, handler: typeof update) => {
      update = handler
      return () => undefined
    },
    onOnline: (handler: typeof online) => {
      online = handler
      return () => undefined
    },
    status: () => 'online',
  } as unknown as Connection
  return {
    connection,
    asked,
    send: (since: number, version: number) => update({ ...board(version), since }),
    reconnect: () => online(),
  }
}
const settle = async () => {
  for (let round = 0; round < 5; round++) await Promise.resolve()
}

describe('a live board', () => {
  it('applies updates that fit, and subscribes again over a gap', async () => {
    const arena = fakeConnection([5, 9])
    const store = createBoardStore(arena.connection, { dimension: 'language' })
    store.subscribe(() => undefined)
    await settle()
    expect(store.snapshot()?.version).toBe(5)
    arena.send(5, 6)
    expect(store.snapshot()?.version).toBe(6)
    arena.send(8, 9)
    await settle()
    expect(arena.asked).toEqual(['leaderboard:subscribe', 'leaderboard:subscribe'])
    expect(store.snapshot()?.version).toBe(9)
  })

  it('subscribes again after a reconnect, and never goes back to an older board', async () => {
    const arena = fakeConnection([5, 4])
    const store = createBoardStore(arena.connection, { dimension: 'language' })
    store.subscribe(() => undefined)
    await settle()
    arena.reconnect()
    await settle()
    expect(arena.asked).toHaveLength(2)
    expect(store.snapshot()?.version).toBe(5)
  })

  it('is subscribed to once, however many look at it', async () => {
    const arena = fakeConnection([5])
    const store = createBoardStore(arena.connection, { dimension: 'language' })
    store.subscribe(() => undefined)
    store.subscribe(() => undefined)
    await settle()
    expect(arena.asked).toHaveLength(1)
  })

  it('says why the arena makes no such board', async () => {
    const error = { code: 'invalid_input', message: 'There is no such board.', retryable: false }
    const { connection } = fakeConnection([])
    const refusing = { ...connection, request: async () => ({ ok: false, error }) }
    const store = createBoardStore(refusing as unknown as Connection, { dimension: 'overall' })
    store.subscribe(() => undefined)
    await settle()
    expect(store.snapshot()).toBeNull()
    expect(store.fault()).toEqual(error)
  })
})
