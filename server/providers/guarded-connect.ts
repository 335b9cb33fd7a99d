import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { bareHost } from './allowed-hosts.ts'
import type { EndpointGuard } from './endpoint-guard.ts'
import { ProviderError } from './provider.ts'

export type ConnectTarget = {
  hostname: string
  port: number
  /** The name to check the certificate against; without it the connection is plain TCP. */
  tls?: { servername: string } | undefined
}

/**
 * Opens a connection to an address that was checked, and to exactly that one: the name is resolved
 * once, here, so that there is nothing to rebind between the check and the connection.
 *
 * @param signal aborting it destroys a half-open connection at once
 * @throws ProviderError, or the signal's reason
 */
export async function guardedConnect(
  target: ConnectTarget,
  guard: EndpointGuard,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  const attempt = new AbortController()
  const abort = () => attempt.abort(signal.reason)
  const timer = setTimeout(() => {
    const seconds = timeoutMs / 1000
    attempt.abort(new ProviderError('timeout', `no connection within ${seconds} s`))
  }, timeoutMs)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  try {
    const { hostname, port, tls } = target
    const addresses = await unlessAborted(guard.resolve(hostname, port), attempt.signal)
    const socket = await openFirst(addresses, port, timeoutMs, attempt.signal)
    // The kernel's word on who is at the other end, before a byte is written.
    if (!guard.permits(hostname, socket.remoteAddress ?? '', port)) {
      socket.destroy()
      throw new ProviderError('address-refused', `the connection to ${hostname} led elsewhere`)
    }
    if (tls === undefined) return socket
    const secure = connectTls({ socket, servername: tls.servername, host: bareHost(hostname) })
    return await opened(secure, 'secureConnect', attempt.signal, `TLS with ${hostname}`)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

/** Tries the addresses in turn; each has its share of the time, so that a dead one leaves some. */
async function openFirst(
  addresses: readonly string[],
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  const shareMs = timeoutMs / addresses.length
  let failure: unknown
  for (const host of addresses) {
    const socket = connectTcp({ host, port, noDelay: true })
    const share = setTimeout(
      () => socket.destroy(new Error(`no connection within ${shareMs / 1000} s`)),
      shareMs,
    )
    try {
      return await opened(socket, 'connect', signal, `${host} port ${port}`)
    } catch (cause) {
      if (signal.aborted) throw cause
      failure = cause
    } finally {
      clearTimeout(share)
    }
  }
  throw failure
}

/** Waits until a socket is open; one that fails, or is not wanted any more, is destroyed. */
function opened<T extends Socket>(
  socket: T,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  what: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const settle = (failure?: unknown) => {
      socket.off('error', onError)
      socket.off(event, settleOpen)
      signal.removeEventListener('abort', onAbort)
      if (failure === undefined) {
        resolve(socket)
        return
      }
      // A destroyed socket may report once more; nobody is left to hear it.
      socket.on('error', () => undefined)
      socket.destroy()
      reject(failure)
    }
    const settleOpen = () => settle()
    const onAbort = () => settle(signal.reason)
    const onError = (cause: Error) =>
      settle(new ProviderError('connect', `${what}: ${cause.message}`, { cause }))
    socket.once('error', onError)
    socket.once(event, settleOpen)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  })
}

function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
