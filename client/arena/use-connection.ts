import { useSyncExternalStore } from 'react'
import { connection } from './arena.ts'
import type { ConnectionStatus } from './connection.ts'

/** Whether the arena can be reached, kept current. */
export function useConnectionStatus(): ConnectionStatus {
  return useSyncExternalStore(connection.subscribe, connection.status)
}
