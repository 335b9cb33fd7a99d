import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveParent } from './helper.ts'

// The least that Node's own HTTP server can do: one buffer, the same headers, no routing.

serveParent({
  listen: async (body: string, headers: Record<string, string>) => {
    const bytes = Buffer.from(body)
    const etag = headers['etag']
    const server = createServer((request, response) => {
      if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end()
      else response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(bytes)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/leaderboard`
  },
})
