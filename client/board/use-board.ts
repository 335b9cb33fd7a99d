import { useCallback, useSyncExternalStore } from 'react'
import type { Board, SliceInput } from '../../shared/schemas/leaderboard.ts'
import { connection } from '../arena/arena.ts'
import type { RequestError } from '../arena/connection.ts'
import { createBoardStore, type BoardStore } from './store.ts'

const stores = new Map<string, BoardStore>()

/** The live board of a slice, shared by all that look at it. */
function boardStore(key: string): BoardStore {
  const present = stores.get(key)
  if (present !== undefined) return present
  const slice = JSON.parse(key) as SliceInput
  const store = createBoardStore(connection, slice, () => void stores.delete(key))
  stores.set(key, store)
  return store
}

/** Nobody asked for a board. */
const NONE: BoardStore = {
  snapshot: () => null,
  fault: () => null,
  subscribe: () => () => undefined,
}

/** The board of a slice, live; null until it has arrived, and where none is asked for. */
export function useBoard(slice: SliceInput | null): Board | null {
  const store = useStore(slice)
  return useSyncExternalStore(store.subscribe, store.snapshot)
}

/** Why the board of a slice cannot be had, where the arena has said so. */
export function useBoardFault(slice: SliceInput | null): RequestError | null {
  const store = useStore(slice)
  return useSyncExternalStore(store.subscribe, store.fault)
}

/** Looked up when it is subscribed to: a store that was left for long is made anew. */
function useStore(slice: SliceInput | null): BoardStore {
  const key = slice === null ? null : JSON.stringify(slice)
  const snapshot = useCallback(() => (key === null ? NONE : boardStore(key)).snapshot(), [key])
  const fault = useCallback(() => (key === null ? NONE : boardStore(key)).fault(), [key])
  const subscribe = useCallback(
    (listener: () => void) => (key === null ? NONE : boardStore(key)).subscribe(listener),
    [key],
  )
  return { snapshot, fault, subscribe }
}
