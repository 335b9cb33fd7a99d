import { io, type Socket } from 'socket.io-client'
import type { Ack, AckCallback } from '../../shared/ack.ts'
import type { ErrorCode, WireError } from '../../shared/errors.ts'
import type {
  ClientEventName,
  ClientToServerEvents,
  ServerToClientEvents,
} from '../../shared/events.ts'
import { PROTOCOL_VERSION } from '../../shared/protocol.ts'
import { texts } from '../texts/en.ts'

type Payload<E extends ClientEventName> = Parameters<ClientToServerEvents[E]>[0]
type Answer<E extends ClientEventName> =
  Parameters<ClientToServerEvents[E]>[1] extends AckCallback<infer T> ? T : never

/** What can go wrong with a request: what the arena says, or that it could not be reached. */
export type RequestError = Omit<WireError, 'code'> & { code: ErrorCode | 'connection_lost' }

/** The answer to a request. */
export type Outcome<T> = ({ ok: true } & T) | { ok: false; error: RequestError }

/** `lost` is only said of a connection that had been there. */
export type ConnectionStatus = 'connecting' | 'online' | 'lost'

/** The one connection of this page to the arena. */
export type Connection = {
  /**
   * Sends an event once. `tap` sees the acknowledgement in the same tick as it arrives, before any
   * event that follows it in the same packet.
   */
  readonly request: <E extends ClientEventName>(
    event: E,
    payload: Payload<E>,
    tap?: (ack: Ack<Answer<E>>) => void,
  ) => Promise<Outcome<Answer<E>>>
  /** Sends an idempotent event until it is acknowledged, over as many reconnects as that takes. */
  readonly insist: Connection['request']
  readonly on: <E extends keyof ServerToClientEvents>(
    event: E,
    handler: ServerToClientEvents[E],
  ) => () => void
  /** Calls back on every connection, the first included when it is still to come. */
  readonly onOnline: (handler: () => void) => () => void
  readonly status: () => ConnectionStatus
  readonly subscribe: (listener: () => void) => () => void
}

const ACK_TIMEOUT_MS = 12_000

/** Opens the connection to the arena that served this page. */
export function connect(url?: string): Connection {
  const options = { auth: { protocol: PROTOCOL_VERSION } }
  const socket: Socket<ServerToClientEvents, ClientToServerEvents> =
    url === undefined ? io(options) : io(url, options)
  let status: ConnectionStatus = 'connecting'
  const listeners = new Set<() => void>()
  const set = (next: ConnectionStatus) => {
    if (status === next) return
    status = next
    for (const listener of listeners) listener()
  }
  socket.on('connect', () => set('online'))
  socket.on('disconnect', (reason) => {
    set('lost')
    // After a disconnect by the server the client does not come back by itself.
    if (reason === 'io server disconnect') socket.connect()
  })
  socket.on('connect_error', () => set('lost'))

  const online = () =>
    socket.connected
      ? Promise.resolve()
      : new Promise<void>((resolve) => void socket.once('connect', () => resolve()))

  const request: Connection['request'] = (event, payload, tap) =>
    new Promise((resolve) => {
      type Emit = (
        event: string,
        payload: unknown,
        done: (e: unknown, ack: unknown) => void,
      ) => void
      const sender = socket.timeout(ACK_TIMEOUT_MS)
      ;(sender.emit as Emit).call(sender, event, payload, (lost, answer) => {
        if (lost !== null && lost !== undefined) {
          resolve({
            ok: false,
            error: { code: 'connection_lost', message: texts.trouble.noAnswer, retryable: true },
          })
          return
        }
        const ack = answer as Ack<Answer<typeof event>>
        tap?.(ack)
        resolve(ack)
      })
    })

  return {
    request,
    async insist(event, payload, tap) {
      for (;;) {
        await online()
        const outcome = await request(event, payload, tap)
        if (outcome.ok || outcome.error.code !== 'connection_lost') return outcome
      }
    },
    on(event, handler) {
      // The typed `on` cannot see that event and handler belong together once E is generic.
      socket.on(event, handler as never)
      return () => void socket.off(event, handler as never)
    },
    onOnline(handler) {
      socket.on('connect', handler)
      return () => void socket.off('connect', handler)
    },
    status: () => status,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
