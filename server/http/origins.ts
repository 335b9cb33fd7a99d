import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

/** Tells own origins from foreign ones. */
export type Origins = {
  /** No `Origin` at all is not a browser and passes; a foreign or `null` one does not. */
  allows(origin: string | undefined): boolean
  /** The server listens on this port from now on. */
  listening(port: number): void
  /** Whether every configured origin is reached over TLS, so that cookies can be `Secure`. */
  readonly secure: boolean
}

/**
 * Own origins are the address listened on, with `localhost` for loopback, and the allowed ones;
 * never what a request's `Host` says, since a rebound name would say it too.
 */
export function createOrigins(host: string, allowed: readonly string[]): Origins {
  const own = new Set(allowed)
  return {
    allows: (origin) => origin === undefined || own.has(origin),
    listening(port) {
      for (const name of ownNames(host)) own.add(new URL(`http://${name}:${port}`).origin)
    },
    secure: allowed.length > 0 && allowed.every((origin) => origin.startsWith('https:')),
  }
}

/** Whether a call changes nothing, so that any site may make it. */
export function onlyReads(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}

function ownNames(host: string): string[] {
  if (host === '0.0.0.0' || host === '::') {
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
    return [
      '127.0.0.1',
      '[::1]',
      'localhost',
      ...addresses.map(({ address }) => bracket(address.replace(/%.*$/, ''))),
    ]
  }
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.')
  return [bracket(host), ...(isLoopback ? ['localhost'] : [])]
}

function bracket(address: string): string {
  return isIP(address) === 6 ? `[${address}]` : address
}
