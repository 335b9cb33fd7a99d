import { VISITOR_COOKIE } from '../../../shared/protocol.ts'
import { serveParent } from './helper.ts'
import { eventFrame, openRawSocket, type RawSocket } from './raw-socket.ts'
import { TOKEN_MARK } from './token.ts'

// Visitors with one battle each, who count the tokens and frames that they get.

const MARK = TOKEN_MARK.charCodeAt(0)
/** Starts at once at most, so that starting does not crowd out what is measured. */
const AT_ONCE = 10

let tokens = 0
let frames = 0
let stops: (() => Promise<void>)[] = []

async function visitorCookie(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/models`)
  await response.arrayBuffer()
  const cookie = response.headers.getSetCookie().find((each) => each.startsWith(VISITOR_COOKIE))
  return cookie?.split(';')[0] ?? ''
}

/** Opens a connection and starts a battle on it. */
async function startBattle(url: string, cookie: string): Promise<void> {
  let answered: ((message: string) => void) | undefined
  const socket: RawSocket = await openRawSocket(url, cookie, (message) => {
    if (message[0] === 0x33) {
      answered?.(message.toString())
      return
    }
    frames += 1
    for (let at = message.indexOf(MARK); at !== -1; at = message.indexOf(MARK, at + 1)) tokens += 1
  })
  const call = (id: number, name: string, payload: object) =>
    new Promise<string>((resolve) => {
      answered = resolve
      socket.send(eventFrame(id, name, payload))
    })
  const ack = await call(1, 'battle:start', { prompt: 'Hello' })
  const [{ ok, battleId }] = JSON.parse(ack.slice(ack.indexOf('['))) as [
    { ok: boolean; battleId: string },
  ]
  if (!ok) throw new Error(ack)
  stops.push(async () => {
    // The relay knows no such event, and ends with the connection.
    if (cookie !== '') await call(2, 'battle:stop', { battleId })
    socket.close()
  })
}

async function inTurns<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await act(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

serveParent({
  /** @param known whether the server knows visitors */
  start: async (url: string, battles: number, known: boolean) => {
    stops = []
    await inTurns(
      Array.from({ length: battles }, (_, index) => index),
      async () => startBattle(url, known ? await visitorCookie(url) : ''),
    )
  },
  counts: () => ({ tokens, frames }),
  stop: () => inTurns(stops, (stop) => stop()),
})
