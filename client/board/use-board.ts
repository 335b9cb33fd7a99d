import { useSyncExternalStore } from 'react'
import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { connection } from '../arena/arena.ts'
import { createBoardStore, type BoardStore } from './store.ts'

const stores = Object.fromEntries(
  BOARD_DIMENSIONS.map((dimension) => [dimension, createBoardStore(connection, dimension)]),
) as Record<BoardDimension, BoardStore>

/** The board of a dimension, live; null until it has arrived. */
export function useBoard(dimension: BoardDimension): Board | null {
  const store = stores[dimension]
  return useSyncExternalStore(store.subscribe, store.snapshot)
}
