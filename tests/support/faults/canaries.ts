import { once } from 'node:events'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { SPEECH } from './dialects.ts'
import { CHUNKED, head, httpChunk, LAST_CHUNK, stream } from './wire.ts'

/** Somebody who listens, counts, and answers well whoever asks, in any dialect. */
export type Listener = {
  readonly port: number
  /** How many connections came. */
  readonly connections: () => number
  /** Another answer than a good one, from now on; nothing makes it good again. */
  redirect(to: string | undefined): void
  close(): Promise<void>
}

/** @returns undefined where this machine has no such address */
export async function listenAt(host: string, port = 0): Promise<Listener | undefined> {
  let connections = 0
  let location: string | undefined
  const server: Server = createServer((socket) => {
    connections += 1
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const path = /^POST (\S+)/.exec(bytes.toString('latin1'))?.[1]
      if (path === undefined) return
      const dialect = path.includes(':stream')
        ? 'google'
        : path.endsWith('/messages')
          ? 'anthropic'
          : 'openai'
      const close = { connection: 'close' }
      if (location !== undefined) {
        const elsewhere = {
          location,
          refresh: `0; url=${location}`,
          link: `<${location}>; rel=preload`,
          'alt-svc': `h2="${location}"`,
          'content-location': location,
        }
        socket.end(
          head('307 Temporary Redirect', { ...close, ...elsewhere, 'content-length': '0' }),
        )
        return
      }
      socket.write(head('200 OK', { ...CHUNKED, ...close }))
      socket.write(httpChunk(stream(SPEECH[dialect], ['Reached.'])))
      socket.end(LAST_CHUNK)
    })
  })
  server.listen({ port, host, ipv6Only: true })
  try {
    await once(server, 'listening')
  } catch {
    return undefined
  }
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    redirect: (to) => void (location = to),
    async close() {
      server.close()
      await once(server, 'close')
    },
  }
}
