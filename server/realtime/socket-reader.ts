import type { Socket } from 'socket.io'
import type { ClientToServerEvents, ServerToClientEvents } from '../../shared/events.ts'
import type { Reader } from '../battles/audience.ts'

export type ArenaSocket = Socket<ClientToServerEvents, ServerToClientEvents>

/** What engine.io knows of the bytes that wait, on the transports that count them. */
type CountingTransport = { socket?: { bufferedAmount?: number } }

/** Bytes that wait to be sent to a connection. */
export function queuedBytes(socket: ArenaSocket): number {
  const { conn } = socket
  const { socket: raw } = conn.transport as unknown as CountingTransport
  let bytes = raw?.bufferedAmount ?? 0
  for (const { data } of (conn as unknown as { writeBuffer: { data?: unknown }[] }).writeBuffer) {
    bytes += typeof data === 'string' ? data.length : 0
  }
  return bytes
}

/** A connection as a reader of battles. */
export function toReader(socket: ArenaSocket): Reader {
  return {
    id: socket.id,
    isOpen: () => socket.connected,
    queuedBytes: () => queuedBytes(socket),
    sendDelta(delta) {
      socket.emit('battle:delta', delta)
    },
    sendEnd(end) {
      socket.emit('battle:end', end)
    },
  }
}
