import type { Socket } from 'socket.io'
import type { ClientToServerEvents, ServerToClientEvents } from '../../shared/events.ts'
import type { Reader } from '../battles/audience.ts'

export type ArenaSocket = Socket<
  ClientToServerEvents,
  ServerToClientEvents,
  Record<string, never>,
  SocketData
>

/** What the arena remembers of a connection. */
export type SocketData = { visitor: string; address: string }

/** What engine.io knows of the bytes that wait, on the transports that count them. */
type CountingTransport = { socket?: { bufferedAmount?: number } }

/** A connection as a reader of battles. */
export function toReader(socket: ArenaSocket): Reader {
  return {
    id: socket.id,
    isOpen: () => socket.connected,
    queuedBytes() {
      const { conn } = socket
      const { socket: raw } = conn.transport as unknown as CountingTransport
      let bytes = raw?.bufferedAmount ?? 0
      for (const { data } of (conn as unknown as { writeBuffer: { data?: unknown }[] })
        .writeBuffer) {
        bytes += typeof data === 'string' ? data.length : 0
      }
      return bytes
    },
    sendDelta(delta) {
      socket.emit('battle:delta', delta)
    },
    sendEnd(end) {
      socket.emit('battle:end', end)
    },
  }
}
