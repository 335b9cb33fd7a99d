import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { bareHost } from './allowed-hosts.ts'
import type { EndpointGuard } from './endpoint-guard.ts'
import { guardedConnect } from './guarded-connect.ts'
import { ProviderError } from './provider.ts'

/** Largest head of an answer that is read, in bytes; the default of most servers. */
const MAX_HEADER_BYTES = 16 * 1024

/**
 * How long an idle connection is kept for the next answer. Below uvicorn's 5 s, so that we rather
 * than the provider close it and a request seldom meets a closing socket.
 */
const IDLE_SOCKET_MS = 4000

/** Sends requests to providers over guarded, reused connections. */
export type Transport = {
  /** Posts JSON and resolves with the head of the answer; its body is still to be read. */
  post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage>
  /** Closes every connection. */
  close(): void
}

type ConnectOptions = http.ClientRequestArgs & {
  servername?: string
  /** The request's own signal: an agent does not hand on the standard one. */
  requestSignal: AbortSignal
}
type Connected = (err: Error | null, socket: Duplex) => void

export function createTransport(options: {
  guard: EndpointGuard
  connectTimeoutMs: number
}): Transport {
  const { guard, connectTimeoutMs } = options

  const connectWith =
    (secure: boolean) =>
    (args: http.ClientRequestArgs, connected?: Connected): undefined => {
      const { host, port, servername, requestSignal } = args as ConnectOptions
      const hostname = host ?? ''
      const name = isIP(bareHost(hostname)) === 0 ? (servername ?? hostname) : ''
      const target = {
        hostname,
        port: Number(port),
        ...(secure ? { tls: { servername: name } } : {}),
      }
      guardedConnect(target, guard, connectTimeoutMs, requestSignal).then(
        (socket) => connected?.(null, socket),
        (cause: Error) => connected?.(cause, undefined as unknown as Socket),
      )
      return undefined
    }

  const agentOptions = { keepAlive: true, timeout: IDLE_SOCKET_MS }
  const plainAgent = new http.Agent(agentOptions)
  plainAgent.createConnection = connectWith(false)
  const secureAgent = new https.Agent(agentOptions)
  secureAgent.createConnection = connectWith(true)

  const send: Transport['post'] = (url, headers, body, signal) =>
    new Promise((resolve, reject) => {
      const secure = url.protocol === 'https:'
      const args: http.RequestOptions & { requestSignal: AbortSignal } = {
        method: 'POST',
        protocol: url.protocol,
        hostname: bareHost(url.hostname),
        port: url.port === '' ? (secure ? 443 : 80) : url.port,
        path: url.pathname + url.search,
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        maxHeaderSize: MAX_HEADER_BYTES,
        agent: secure ? secureAgent : plainAgent,
        signal,
        requestSignal: signal,
      }
      const request = secure ? https.request(args) : http.request(args)
      request.once('response', resolve)
      // Whoever wants to speak something else is not listened to.
      request.once('upgrade', (_response, socket) => {
        socket.destroy()
        reject(new ProviderError('protocol', 'HTTP 101: switching protocols was not asked for'))
      })
      request.on('error', (cause: NodeJS.ErrnoException) => {
        if (signal.aborted) reject(signal.reason as Error)
        else if (cause instanceof ProviderError) reject(cause)
        else if (request.reusedSocket && cause.code === 'ECONNRESET') reject(new StaleSocket())
        else reject(new ProviderError('connect', `no answer: ${cause.message}`, { cause }))
      })
      request.end(body)
    })

  return {
    async post(url, headers, body, signal) {
      signal.throwIfAborted()
      for (;;) {
        try {
          return await send(url, headers, body, signal)
        } catch (cause) {
          // The other end closed an idle connection just as it was taken: not an answer's failure.
          // Each round uses up one idle socket, so that a fresh one ends this.
          if (!(cause instanceof StaleSocket)) throw cause
        }
      }
    },

    close() {
      plainAgent.destroy()
      secureAgent.destroy()
    },
  }
}

/** A transport that tells when the head of an answer is there. */
export function observed(transport: Transport, onHead: () => void): Transport {
  return {
    async post(url, headers, body, signal) {
      const response = await transport.post(url, headers, body, signal)
      onHead()
      return response
    },
    close: () => transport.close(),
  }
}

/** A reused connection was gone before anything of an answer came. */
class StaleSocket extends Error {}
