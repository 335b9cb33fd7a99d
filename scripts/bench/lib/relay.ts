import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { serveParent } from './helper.ts'

// The relay that everybody writes first: fetch, split, JSON.parse, one emit per token. It keeps
// nothing, checks nothing and numbers nothing.

let upstream = ''

type Event = { choices?: { delta?: { content?: string } }[] }

async function answer(socket: Socket, battleId: string, side: 'a' | 'b', signal: AbortSignal) {
  const response = await fetch(upstream, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'm',
      stream: true,
      messages: [{ role: 'user', content: 'Hello' }],
    }),
    signal,
  })
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of response.body ?? []) {
    rest += decoder.decode(bytes, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue
      const event = JSON.parse(line.slice(6)) as Event
      const text = event.choices?.[0]?.delta?.content
      if (text) socket.emit('token', { battleId, side, text })
    }
  }
}

const http = createServer()
const io = new Server(http, { serveClient: false, perMessageDeflate: false })
let battles = 0
io.on('connection', (socket) => {
  const controller = new AbortController()
  socket.on('disconnect', () => controller.abort())
  socket.on('battle:start', (_payload: object, ack: (answer: object) => void) => {
    battles += 1
    const battleId = `battle-${battles}`
    ack({ ok: true, battleId, turn: 1 })
    for (const side of ['a', 'b'] as const) {
      answer(socket, battleId, side, controller.signal).catch(() => undefined)
    }
  })
})

serveParent({
  listen: async (url: string) => {
    upstream = url
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  },
})
