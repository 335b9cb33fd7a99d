import { connect, type Socket } from 'node:net'

// A Socket.IO client that does next to nothing: a load generator must cost much less than what it
// measures. Frames out are made beforehand; frames in are looked at, not parsed.

const OPCODE_CLOSE = 8

/** A connection that is open, with Socket.IO's handshake done. */
export type RawSocket = {
  /** Sends what {@link textFrame} made. */
  send(frame: Buffer): void
  close(): void
}

/** A text message as a client's WebSocket frame. Its mask is zero, so that it masks nothing. */
export function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const long = payload.length > 125
  const head = Buffer.alloc(long ? 8 : 6)
  head[0] = 0x81
  head[1] = 0x80 | (long ? 126 : payload.length)
  if (long) head.writeUInt16BE(payload.length, 2)
  return Buffer.concat([head, payload])
}

/** An event with an acknowledgement, as Engine.IO and Socket.IO write it. */
export function eventFrame(id: number, name: string, payload: object): Buffer {
  return textFrame(`42${id}${JSON.stringify([name, payload])}`)
}

const PONG = textFrame('3')
const CONNECT = textFrame('40{"protocol":1}')

/**
 * Connects.
 *
 * @param onMessage gets every Socket.IO message, without Engine.IO's `4`, as bytes
 */
export function openRawSocket(
  url: string,
  cookie: string,
  onMessage: (message: Buffer) => void,
): Promise<RawSocket> {
  const { hostname, port, host } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    socket.on('error', reject)
    socket.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\n` +
        `Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: ${cookie}\r\n\r\n`,
    )
    const opened = {
      send: (frame: Buffer) => void socket.write(frame),
      close: () => void socket.destroy(),
    }
    readFrames(socket, (payload) => {
      switch (String.fromCharCode(payload[0] ?? 0)) {
        case '0':
          socket.write(CONNECT)
          return
        case '2':
          socket.write(PONG)
          return
        case '4':
          // Socket.IO's own answer to the handshake: `40{"sid":…}`.
          if (payload[1] === 0x30) resolve(opened)
          else onMessage(payload.subarray(1))
      }
    })
  })
}

function readFrames(socket: Socket, onFrame: (payload: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  let upgraded = false
  socket.on('data', (bytes) => {
    let data = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    if (!upgraded) {
      const end = data.indexOf('\r\n\r\n')
      if (end === -1) {
        rest = data
        return
      }
      if (!data.toString('latin1', 0, 12).includes(' 101')) throw new Error('no upgrade')
      upgraded = true
      data = data.subarray(end + 4)
    }
    let at = 0
    for (;;) {
      if (data.length - at < 2) break
      let length = (data[at + 1] ?? 0) & 0x7f
      let start = at + 2
      if (length === 126) {
        if (data.length - at < 4) break
        length = data.readUInt16BE(at + 2)
        start = at + 4
      } else if (length === 127) {
        if (data.length - at < 10) break
        length = Number(data.readBigUInt64BE(at + 2))
        start = at + 10
      }
      if (data.length < start + length) break
      if (((data[at] ?? 0) & 0x0f) === OPCODE_CLOSE) return
      onFrame(data.subarray(start, start + length))
      at = start + length
    }
    rest = data.subarray(at)
  })
}
