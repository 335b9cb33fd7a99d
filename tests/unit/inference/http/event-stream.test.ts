import { once } from 'node:events'
import { type ServerResponse, createServer } from 'node:http'
import { type AddressInfo, type Socket, connect } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { EventStream } from '../../../../inference/http/event-stream.ts'

/** The server's side of one request, and a client that reads nothing of the answer yet. */
async function exchange(): Promise<{ response: ServerResponse; socket: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => server.closeAllConnections())
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  onTestFinished(() => void socket.destroy())
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  return { response, socket }
}

const ticketStub = () => ({ cancel: vi.fn(), pause: vi.fn(), resume: vi.fn() })
/** More than the kernel keeps for a connection that nobody reads. */
const LARGE = { text: 'x'.repeat(32 * 1024 * 1024) }

describe('EventStream', () => {
  it('pauses the job of a client that does not read, and resumes it once it has read', async () => {
    const { response, socket } = await exchange()
    const ticket = ticketStub()
    const stream = new EventStream(response, () => ticket)
    stream.send(LARGE)
    expect(ticket.pause).toHaveBeenCalledTimes(1)
    // What comes in the same step is still taken, without pausing again.
    stream.send({})
    expect(ticket.pause).toHaveBeenCalledTimes(1)
    expect(ticket.resume).not.toHaveBeenCalled()
    const resumed = once(response, 'drain')
    socket.resume()
    await resumed
    expect(ticket.resume).toHaveBeenCalledTimes(1)
    expect(response.destroyed).toBe(false)
  })

  it('cuts off a client that never reads', async () => {
    const { response } = await exchange()
    const ticket = ticketStub()
    const stream = new EventStream(response, () => ticket, 50)
    stream.send(LARGE)
    await once(response, 'close')
    expect(ticket.pause).toHaveBeenCalledTimes(1)
    // Whatever still comes is dropped.
    stream.send({})
    stream.done()
  })

  it('writes events as clients parse them', async () => {
    const { response, socket } = await exchange()
    const stream = new EventStream(response, () => null)
    stream.send({ text: 'a\nb' })
    stream.done()
    let received = ''
    socket.on('data', (data: Buffer) => {
      received += data.toString()
    })
    socket.resume()
    await vi.waitFor(() => expect(received).toContain('[DONE]'))
    expect(received).toMatch(/content-type: text\/event-stream; charset=utf-8\r\n/u)
    expect(received).toContain('data: {"text":"a\\nb"}\n\n')
    expect(received).toContain('data: [DONE]\n\n')
  })
})
