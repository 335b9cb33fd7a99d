import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { Server } from 'socket.io'
import { failure, toWireError } from '../../shared/errors.ts'
import type { ClientToServerEvents, ServerToClientEvents } from '../../shared/events.ts'
import { MAX_CLIENT_FRAME_BYTES, PROTOCOL_VERSION } from '../../shared/protocol.ts'
import type { BoardUpdate } from '../../shared/schemas/leaderboard.ts'
import { MAX_QUEUED_BYTES, type Audience, type Reader } from '../battles/audience.ts'
import type { Limits } from '../http/limits.ts'
import { onlyReads, type Origins } from '../http/origins.ts'
import { sendProblem } from '../http/send-problem.ts'
import type { Visitors } from '../http/visitors.ts'
import { createDispatcher, type EventHandler } from './dispatcher.ts'
import { queuedBytes, toReader, type ArenaSocket } from './socket-reader.ts'

/** What every event handler gets: who acts, and what can be sent to them. */
export type SocketContext = {
  readonly visitor: string
  readonly address: string
  readonly reader: Reader
  join(room: string): void
  leave(room: string): void
  /** The rooms it is in, its own included. */
  rooms(): ReadonlySet<string>
}

export type ArenaServer = Server<ClientToServerEvents, ServerToClientEvents>

type RealtimeDeps = {
  readonly maxPromptCharacters: number
  readonly origins: Origins
  readonly visitors: Visitors
  readonly limits: Limits
  readonly audience: Audience
  readonly log: Logger
}

/** Makes the Socket.IO server. Events get their handlers in {@link serveEvents}. */
export function createRealtime(http: HttpServer, deps: RealtimeDeps): ArenaServer {
  const io: ArenaServer = new Server(http, {
    // A prompt's characters take at most three bytes each, six where JSON escapes them. What is
    // larger than the contract's frame is refused with an answer as long as it can be read.
    maxHttpBufferSize: Math.max(4 * MAX_CLIENT_FRAME_BYTES, 6 * deps.maxPromptCharacters + 4096),
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
    // Socket.IO's `cors` does not protect the WebSocket handshake; this does.
    allowRequest(request, decide) {
      if (deps.origins.allows(request.headers.origin)) decide(null, true)
      else decide('foreign origin', false)
    },
  })
  // `allowRequest` is asked at the handshake alone; what is sent later, by polling, comes here.
  io.engine.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    if (onlyReads(request.method) || deps.origins.allows(request.headers.origin)) next()
    else sendProblem(response, failure('forbidden', 'Calls from other sites are refused.'))
  })
  io.engine.on('initial_headers', (headers: Record<string, string>, request: IncomingMessage) => {
    const { setCookie } = deps.visitors.of(request)
    if (setCookie !== undefined) headers['Set-Cookie'] = setCookie
  })
  // A client of another protocol would misread what comes; one that names none is taken at its word.
  io.use((socket, next) => {
    const { protocol } = socket.handshake.auth as { protocol?: unknown }
    if (protocol === undefined || protocol === PROTOCOL_VERSION) next()
    else next(refusal(`This arena speaks protocol ${PROTOCOL_VERSION}.`))
  })
  return io
}

/** An error of the handshake, with the wire's form in its `data`. */
function refusal(message: string): Error {
  return Object.assign(new Error(message), { data: toWireError(failure('invalid_input', message)) })
}

/** Sends an update of a board to a room; who can't keep up learns by its `since` that one is missing. */
export function sendToRoom(io: ArenaServer, room: string, update: BoardUpdate): void {
  const stalled: string[] = []
  for (const id of io.sockets.adapter.rooms.get(room) ?? []) {
    const socket = io.sockets.sockets.get(id)
    if (socket !== undefined && queuedBytes(socket) > MAX_QUEUED_BYTES) stalled.push(id)
  }
  io.to(room).except(stalled).emit('leaderboard:update', update)
}

/** Answers every event of every connection. */
export function serveEvents(
  io: ArenaServer,
  handlers: Readonly<Record<string, EventHandler<SocketContext>>>,
  deps: RealtimeDeps,
): void {
  const dispatch = createDispatcher<SocketContext>({
    handlers: new Map(Object.entries(handlers)),
    log: deps.log,
    limit: ({ visitor, address }, act) => deps.limits.take(act, visitor, address),
  })
  io.on('connection', (socket: ArenaSocket) => {
    const { hash } = deps.visitors.of(socket.request)
    const context: SocketContext = {
      visitor: hash,
      address: socket.handshake.address,
      reader: toReader(socket),
      join: (room) => void socket.join(room),
      leave: (room) => void socket.leave(room),
      rooms: () => socket.rooms,
    }
    socket.onAny((event: string, ...args: unknown[]) => void dispatch(context, event, args))
    socket.on('disconnect', () => deps.audience.leave(socket.id))
    socket.on('error', (cause) => deps.log.debug({ err: cause }, 'a connection failed'))
  })
}
