import { createServer, type AddressInfo, type Socket } from 'node:net'
import { oneOf, seededRandom } from '../load/random.ts'
import { SPEECH } from './dialects.ts'
import { HEAD_FAULTS } from './head-faults.ts'
import { FAILING, FAULTY_ROUND, type ProviderReport } from './isolation.ts'
import { STREAM_FAULTS } from './stream-faults.ts'
import { CHUNKED, head, httpChunk, LAST_CHUNK, readRequests, type Call } from './wire.ts'

// A process of its own: models behind one address, some of which fail at random while they are asked
// to. Started by the isolation test with a seed; talks with it over the process's channel.

/** How often a failing model fails. */
const FAILURE_SHARE = 0.6
const FIRST_TOKEN_MS = { from: 50, to: 300 }
const TOKENS = 12
const TOKEN_MS = 30

/** All that fail but those that ask to be left alone for long: the arena would, and nobody failed. */
const faults = [...HEAD_FAULTS, ...STREAM_FAULTS].filter(
  ({ expect, heals }) => 'kinds' in expect && heals !== false,
)
const speech = SPEECH.openai
const random = seededRandom(Number(process.argv[2] ?? 1))
const played: Record<string, number> = {}
let asked = 0
let open = 0

const server = createServer((socket) => {
  open += 1
  socket.setNoDelay(true)
  socket.on('error', () => undefined)
  socket.on('close', () => (open -= 1))
  readRequests(socket, (path, body) => answer(socket, path.split('/')[1] ?? '', body))
})

function answer(socket: Socket, model: string, body: string): void {
  asked += 1
  const later: Call['later'] = (delayMs, run) =>
    void setTimeout(() => {
      if (!socket.destroyed) run()
    }, delayMs)
  if (body.includes(FAULTY_ROUND) && FAILING.includes(model) && random() < FAILURE_SHARE) {
    const fault = oneOf(faults, random)
    played[fault.id] = (played[fault.id] ?? 0) + 1
    fault.behave({ socket, speech, elsewhere: 'http://127.0.0.1:9', later })
    return
  }
  const delay = FIRST_TOKEN_MS.from + random() * (FIRST_TOKEN_MS.to - FIRST_TOKEN_MS.from)
  const due = performance.timeOrigin + performance.now() + delay
  socket.write(head('200 OK', CHUNKED))
  socket.write(httpChunk(speech.opening))
  const say = (token: number) => {
    // When the first token was to be sent, and by whom, for whoever measures.
    const text = token === 0 ? `@${due.toFixed(2)} ${model} ` : `word ${token} `
    socket.write(httpChunk(speech.text(text)))
    if (token + 1 < TOKENS) later(TOKEN_MS, () => say(token + 1))
    else socket.write(httpChunk(speech.finish() + speech.marker) + LAST_CHUNK)
  }
  later(delay, () => say(0))
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
process.on('message', () => {
  process.send?.({ asked, open, played } satisfies ProviderReport)
})
process.on('disconnect', () => process.exit(0))
