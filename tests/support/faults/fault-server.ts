import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Resolve } from '../../../server/providers/endpoint-guard.ts'
import { untrustedCertificate } from './certificate.ts'
import { SPEECH, type FaultDialect } from './dialects.ts'
import type { Fault, Site } from './fault.ts'
import { CHUNKED, head, httpChunk, LAST_CHUNK, readRequests, stream, type Call } from './wire.ts'

/** Questions with this in them meet the fault; all others, such as probes, are answered well. */
export const FAULTY_QUESTION = 'Fault question'

/** What a model answers once its fault is put right. */
export const MENDED_PIECES = ['Mended: ', 'grüßt 🦊', ' again.'] as const
export const MENDED_TEXT = MENDED_PIECES.join('')

/** How a healthy model's answer to a question goes: it takes its time, and names the question. */
export const healthyPieces = (question: string): string[] => [
  'Healthy ',
  'ünd ',
  'well: ',
  question,
  ' 🦊',
  ' — over.',
]
const HEALTHY_PACE_MS = 40

/** Models behind one provider, by the first part of their path. */
export type FaultServer = {
  readonly site: Site
  /** Where names lead; names that nobody led anywhere lead to 127.0.0.1. */
  readonly resolve: Resolve
  /** How many connections are open, of this server and of everything on its site. */
  readonly open: () => number
  /** Who holds a connection open, by path. */
  readonly holders: () => string[]
  /** How many connections the place has seen where redirects lead. */
  readonly followed: () => number
  /** Makes a model with a fault, or a healthy one. @returns the path of its address */
  add(key: string, dialect: FaultDialect, fault?: Pick<Fault, 'behave'>): string
  /** Requests wait until this, so that nothing has ended before everybody is seated. */
  release(key: string): void
  /** From now on this model answers {@link MENDED_TEXT}. */
  mend(key: string): void
  /** Resolves when no connection is open. */
  idle(): Promise<void>
  close(): Promise<void>
}

type Behaviour = {
  readonly dialect: FaultDialect
  readonly fault: Pick<Fault, 'behave'> | undefined
  mended: boolean
  readonly released: Promise<void>
  readonly release: () => void
}

/** Says what is left at its own pace, then ends and keeps the connection. */
function sayOn(call: Call, [piece, ...rest]: readonly string[]): void {
  const { socket, speech } = call
  if (piece === undefined) {
    socket.write(httpChunk(speech.finish() + speech.usage + speech.marker))
    socket.write(LAST_CHUNK)
    return
  }
  socket.write(httpChunk(speech.text(piece)))
  call.later(HEALTHY_PACE_MS, () => sayOn(call, rest))
}

/** A provider of many models that can do everything wrong, down to the bytes. */
export async function startFaultServer(): Promise<FaultServer> {
  const models = new Map<string, Behaviour>()
  const names = new Map<string, readonly string[] | 'nowhere' | 'never-answered'>()
  const sockets = new Map<Socket, string>()
  const servers: Server[] = []
  const watch = createServer()

  const track = (socket: Socket, what: string) => {
    sockets.set(socket, what)
    socket.setNoDelay(true)
    socket.on('error', () => undefined)
    socket.on('close', () => {
      sockets.delete(socket)
      watch.emit('gone')
    })
  }
  const listen = async (server: Server, port = 0): Promise<number> => {
    servers.push(server)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  let followed = 0
  const elsewhere = createServer((socket) => {
    followed += 1
    track(socket, 'elsewhere')
    socket.end(head())
  })
  const elsewherePort = await listen(elsewhere)

  async function answer(socket: Socket, key: string, body: string): Promise<void> {
    const model = models.get(key)
    const speech = SPEECH[model?.dialect ?? 'openai']
    const later: Call['later'] = (delayMs, run) =>
      void setTimeout(() => {
        if (!socket.destroyed) run()
      }, delayMs)
    const whole = (pieces: readonly string[], headers: Record<string, string> = {}) => {
      socket.write(head('200 OK', { ...CHUNKED, ...headers }))
      socket.write(httpChunk(stream(speech, pieces)))
      socket.write(LAST_CHUNK)
    }
    const question = new RegExp(`${FAULTY_QUESTION} \\d+`).exec(body)?.[0]
    if (model === undefined || question === undefined) {
      // Closed, so that the first question connects: what goes wrong then must not be got round.
      whole(['Hello.'], { connection: 'close' })
      socket.end()
    } else if (model.mended) {
      whole(MENDED_PIECES)
    } else if (model.fault === undefined) {
      socket.write(head('200 OK', CHUNKED))
      socket.write(httpChunk(speech.opening))
      sayOn({ socket, speech, elsewhere: '', later }, healthyPieces(question))
    } else {
      await model.released
      if (socket.destroyed) return
      const there = `http://127.0.0.1:${elsewherePort}`
      model.fault.behave({ socket, speech, elsewhere: there, later })
    }
  }

  const serve = (socket: Socket): void => {
    track(socket, 'connected')
    readRequests(socket, (path, body) => {
      const [key = ''] = path.slice(1).split(/[/?]/, 1)
      sockets.set(socket, key)
      void answer(socket, key, body)
    })
  }

  const port = await listen(createServer(serve))
  const certificate = untrustedCertificate()
  const secure = certificate === undefined ? undefined : createTlsServer(certificate, serve)
  secure?.on('tlsClientError', () => undefined)
  secure?.on('connection', (socket: Socket) => track(socket, 'tls'))
  const tlsPort = secure === undefined ? undefined : await listen(secure)

  const misbehave: Record<Parameters<Site['listener']>[0], (socket: Socket) => void> = {
    'never-reads': (socket) => void socket.pause(),
    closes: (socket) => void socket.resume().end(),
    resets: (socket) => void socket.resetAndDestroy(),
    'says-garbage': (socket) => void socket.resume().end('HELLO who is there?\r\n\r\n'),
  }
  const site: Site = {
    port,
    tlsPort,
    listener: (what) =>
      listen(
        createServer((socket) => {
          track(socket, what)
          misbehave[what](socket)
        }),
      ),
    async closedPort() {
      const placeholder = createServer()
      placeholder.listen(0, '127.0.0.1')
      await once(placeholder, 'listening')
      const { port } = placeholder.address() as AddressInfo
      placeholder.close()
      await once(placeholder, 'close')
      return { port, open: async () => void (await listen(createServer(serve), port)) }
    },
    lead: (name, to) => void names.set(name, to),
  }

  return {
    site,
    open: () => sockets.size,
    holders: () => [...sockets.values()],
    followed: () => followed,

    resolve(name) {
      const to = names.get(name) ?? ['127.0.0.1']
      if (to === 'never-answered') return new Promise(() => undefined)
      if (to !== 'nowhere') return Promise.resolve(to)
      return Promise.reject(Object.assign(new Error(`ENOTFOUND ${name}`), { code: 'ENOTFOUND' }))
    },

    add(key, dialect, fault) {
      let release = () => undefined as void
      const released = new Promise<void>((resolve) => (release = resolve))
      models.set(key, { dialect, fault, mended: false, released, release })
      return `/${key}/v1`
    },
    release: (key) => models.get(key)?.release(),
    mend(key) {
      const model = models.get(key)
      if (model !== undefined) model.mended = true
    },

    async idle() {
      // Who never reads does not notice either that the other end is gone.
      for (const socket of sockets.keys()) socket.resume()
      while (sockets.size > 0) await once(watch, 'gone')
    },
    async close() {
      for (const socket of sockets.keys()) socket.destroy()
      await Promise.all(
        servers.map(async (server) => {
          server.close()
          await once(server, 'close')
        }),
      )
    },
  }
}
