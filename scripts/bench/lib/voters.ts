import { serveParent } from './helper.ts'
import { eventFrame, openRawSocket, type RawSocket } from './raw-socket.ts'

// Voters in a closed loop: each sends its next vote when the last one is acknowledged.

/** How many battles of one voter are asked for at once while they are brought into memory. */
const OPENED_AT_ONCE = 4

const VERDICTS = ['a', 'b', 'tie', 'both_bad']

type Ballots = { readonly cookie: string; readonly battles: readonly string[] }

type Voter = { socket: RawSocket; onAck: (message: Buffer) => void }

const voters: Voter[] = []

function ballot(battleId: string, index: number) {
  const verdict = (shift: number) => VERDICTS[(index + shift) % VERDICTS.length]
  return {
    battleId,
    verdicts: { accuracy: verdict(0), helpfulness: verdict(1), language: verdict(2) },
  }
}

/** Sends frames one after the other, each when one before is acknowledged. */
function inTurn(
  voter: Voter,
  frames: readonly Buffer[],
  atOnce: number,
  onLatency: (ms: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0
    let acknowledged = 0
    let sentAt = 0
    const send = () => {
      const frame = frames[next]
      if (frame === undefined) return
      next += 1
      sentAt = performance.now()
      voter.socket.send(frame)
    }
    voter.onAck = (message) => {
      if (message.indexOf('[{"ok":true') === -1) {
        reject(new Error(message.toString('utf8', 0, 300)))
        return
      }
      onLatency(performance.now() - sentAt)
      acknowledged += 1
      if (acknowledged === frames.length) resolve()
      else send()
    }
    for (let count = 0; count < atOnce; count += 1) send()
  })
}

serveParent({
  connect: async (url: string, cookies: readonly string[]) => {
    for (const voter of voters.splice(0)) voter.socket.close()
    for (const cookie of cookies) {
      const voter = { onAck: (_message: Buffer): void => undefined } as Voter
      voter.socket = await openRawSocket(url, cookie, (message) => {
        if (message[0] === 0x33) voter.onAck(message)
      })
      voters.push(voter)
    }
  },

  /** Has the arena take the battles up from its database: nothing of them is running to be stopped. */
  open: async (ballots: readonly Ballots[]) => {
    await Promise.all(
      voters.map((voter, index) => {
        const frames = (ballots[index]?.battles ?? []).map((battleId, id) =>
          eventFrame(id, 'battle:stop', { battleId }),
        )
        return inTurn(voter, frames, OPENED_AT_ONCE, () => undefined)
      }),
    )
  },

  vote: async (ballots: readonly Ballots[]) => {
    const frames = voters.map((_, index) =>
      (ballots[index]?.battles ?? []).map((battleId, id) =>
        eventFrame(id, 'battle:vote', ballot(battleId, id)),
      ),
    )
    const latencies: number[] = []
    const begun = performance.now()
    await Promise.all(
      voters.map((voter, index) =>
        inTurn(voter, frames[index] ?? [], 1, (ms) => void latencies.push(ms)),
      ),
    )
    const seconds = (performance.now() - begun) / 1000
    latencies.sort((left, right) => left - right)
    return {
      votes: latencies.length,
      seconds,
      p50: latencies[Math.floor(latencies.length * 0.5)],
      p99: latencies[Math.floor(latencies.length * 0.99)],
    }
  },
})
