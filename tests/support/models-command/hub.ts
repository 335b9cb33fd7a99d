import { createHash } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export const COMMIT = 'c0ffee'.padEnd(40, '0')

/** What a hub does wrong with one file. */
export interface HubFault {
  /** Breaks the connection after so many bytes of each answer, this often. */
  readonly breaks?: { readonly after: number; times: number }
  /** Sends the whole file, whatever part was asked for. */
  readonly ignoresRange?: boolean
  /** Sends these bytes instead. */
  readonly bytes?: Buffer
  /** Answers with this status instead. */
  readonly status?: number
}

/** A hub that speaks as Hugging Face's does, on this machine. */
export interface TestHub {
  readonly endpoint: string
  /** What was asked for, in order. */
  readonly asked: { path: string; range: string | undefined; token: string | undefined }[]
}

/**
 * Starts a hub with one model, `maker/tiny`; its large files lie on another server, to which it
 * redirects. It is closed when the test ends.
 */
export async function startHub(
  files: Readonly<Record<string, Buffer>>,
  faults: Readonly<Record<string, HubFault>> = {},
  page: (url: URL) => object | number | undefined = () => undefined,
): Promise<TestHub> {
  const asked: TestHub['asked'] = []
  const send = (request: IncomingMessage, response: ServerResponse, path: string) => {
    const fault = faults[path] ?? {}
    const bytes = fault.bytes ?? files[path]
    if (bytes === undefined || fault.status !== undefined) {
      response.writeHead(fault.status ?? 404).end()
      return
    }
    const range = /^bytes=(\d+)-$/u.exec(request.headers.range ?? '')?.[1]
    const from = fault.ignoresRange === true ? 0 : Number(range ?? 0)
    response.writeHead(from > 0 ? 206 : 200, {
      'content-length': bytes.length - from,
      ...(from > 0 && { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    })
    if (fault.breaks && fault.breaks.times > 0) {
      fault.breaks.times -= 1
      response.write(bytes.subarray(from, from + fault.breaks.after), () => response.socket?.end())
    } else response.end(bytes.subarray(from))
  }
  const note = (request: IncomingMessage, path: string) =>
    asked.push({ path, range: request.headers.range, token: request.headers.authorization })

  const store = await listen((request, response) => {
    const path = decodeURIComponent((request.url ?? '').slice(1))
    note(request, `store:${path}`)
    send(request, response, path)
  })
  const entries = Object.entries(files).map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.length,
    oid: createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex'),
    ...(isLarge(path) && {
      lfs: { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length },
    }),
  }))
  const endpoint = await listen((request, response) => {
    const url = new URL(request.url ?? '', 'http://hub')
    const path = decodeURIComponent(url.pathname)
    note(request, path)
    const json = (value: object, headers = {}) =>
      response
        .writeHead(200, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(value))
    const own = page(url)
    if (typeof own === 'number') response.writeHead(own).end()
    else if (own) json(own)
    else if (path === '/api/models/maker/tiny/revision/main')
      json({ sha: COMMIT, id: 'maker/tiny' })
    else if (path === `/api/models/maker/tiny/tree/${COMMIT}`) {
      // In two pages, as long lists come.
      const half = entries.length >> 1
      if (url.searchParams.has('cursor')) json(entries.slice(half))
      else {
        const next = `<${endpoint}${url.pathname}?recursive=true&cursor=x>; rel="next"`
        json([{ type: 'directory', path: 'onnx' }, ...entries.slice(0, half)], { link: next })
      }
    } else if (path.startsWith(`/maker/tiny/resolve/${COMMIT}/`)) {
      const file = path.slice(`/maker/tiny/resolve/${COMMIT}/`.length)
      if (isLarge(file)) response.writeHead(302, { location: `${store}/${file}` }).end()
      else send(request, response, file)
    } else response.writeHead(404).end()
  })
  return { endpoint, asked }
}

function isLarge(path: string): boolean {
  return /\.onnx/u.test(path)
}

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
