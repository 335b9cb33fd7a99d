import { io, type Socket } from 'socket.io-client'

/** The negative half of an acknowledgement, as anybody outside reads it. */
export type ReplyError = {
  code: string
  message: string
  retryable: boolean
  details?: Record<string, unknown>
}

/** An acknowledgement as it came, without any types of the arena's own. */
export type Reply =
  | ({ ok: true } & Record<string, unknown>)
  | { ok: false; error: ReplyError; [field: string]: unknown }

export type OutsiderOptions = {
  readonly cookie?: string | undefined
  readonly origin?: string | undefined
  readonly transports?: ('polling' | 'websocket')[]
  readonly auth?: Record<string, unknown>
}

/** A client that was written elsewhere: no types, any event, any payload. */
export function outsider(url: string, options: OutsiderOptions = {}): Socket {
  const { cookie, origin, transports = ['websocket'], auth = {} } = options
  return io(url, {
    auth,
    transports,
    forceNew: true,
    reconnection: false,
    withCredentials: true,
    extraHeaders: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(origin === undefined ? {} : { origin }),
    },
  })
}

/** Connects an {@link outsider}; rejects if it is refused. */
export async function connectOutsider(url: string, options?: OutsiderOptions): Promise<Socket> {
  const socket = outsider(url, options)
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
  } catch (cause) {
    socket.disconnect()
    throw cause
  }
  return socket
}

/** Sends an event with whatever arguments, and waits for its acknowledgement. */
export async function ask(socket: Socket, event: string, ...args: unknown[]): Promise<Reply> {
  return (await socket.emitWithAck(event, ...args)) as Reply
}

/** `ok`, or the code of the error: what most rules are about. */
export function codeOf(reply: unknown): string {
  const { ok, error } = reply as { ok: boolean; error?: { code: string } }
  return ok ? 'ok' : String(error?.code)
}

export type CallOptions = {
  readonly method?: string
  readonly cookie?: string | undefined
  readonly token?: string | undefined
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

/** An HTTP call with its body read: as text, and as JSON where it is JSON. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; throws where it is none. */
  json(): unknown
  /** The `code` of a problem. */
  readonly code: string | undefined
}

export async function call(url: string, options: CallOptions = {}): Promise<Answer> {
  const { method = 'GET', cookie, token, headers = {}, body } = options
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(cookie === undefined ? {} : { cookie }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as unknown,
    code: isProblem === true ? (JSON.parse(text) as { code: string }).code : undefined,
  }
}

/** The battle that a positive acknowledgement names. */
export function battleOf(reply: Reply): string {
  const { battleId } = reply as Record<string, unknown>
  if (typeof battleId !== 'string') throw new Error(`no battle: ${JSON.stringify(reply)}`)
  return battleId
}
