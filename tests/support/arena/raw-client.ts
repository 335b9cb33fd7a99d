type Packet = { name: string; payload: Record<string, unknown> }

/** Packets of one answer are separated by this in Engine.IO's polling. */
const SEPARATOR = '\x1e'

/**
 * A visitor who speaks Engine.IO's polling by hand and keeps every byte that comes: of bodies and
 * of headers, of the sockets and of all other calls.
 */
export class RawClient {
  /** Everything that was received, headers included. */
  received = ''
  /** The events among it. */
  readonly events: Packet[] = []
  readonly #url: string
  readonly #acks = new Map<number, (reply: Record<string, unknown>) => void>()
  #cookie: string | undefined
  #sid = ''
  #nextAck = 0
  #polling: Promise<void> | undefined
  #waiting: (() => void)[] = []

  private constructor(url: string) {
    this.#url = url
  }

  static async connect(url: string): Promise<RawClient> {
    const client = new RawClient(url)
    await client.get('/api/v1/battles?mine=1')
    const opened = await client.#socketCall('GET')
    client.#sid = (JSON.parse(opened.slice(1)) as { sid: string }).sid
    await client.#socketCall('POST', '40{"protocol":1}')
    client.#polling = client.#poll()
    return client
  }

  /** Sends an event and waits for its acknowledgement. */
  async ask(event: string, payload: object): Promise<Record<string, unknown>> {
    const id = this.#nextAck
    this.#nextAck += 1
    const reply = new Promise<Record<string, unknown>>((resolve) => this.#acks.set(id, resolve))
    await this.#socketCall('POST', `42${id}${JSON.stringify([event, payload])}`)
    return reply
  }

  /** How many ends have come of a battle. */
  ends(battleId: string): number {
    return this.events.filter(
      ({ name, payload }) => name === 'battle:end' && payload['battleId'] === battleId,
    ).length
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Any other call, with the same cookie. */
  async get(path: string): Promise<string> {
    return this.#keep(
      await fetch(`${this.#url}${path}`, { headers: this.#headers(), redirect: 'manual' }),
    )
  }

  async close(): Promise<void> {
    await this.#socketCall('POST', '41')
    await this.#socketCall('POST', '1')
    await this.#polling
  }

  #headers(): Record<string, string> {
    return this.#cookie === undefined ? {} : { cookie: this.#cookie }
  }

  async #keep(response: Response): Promise<string> {
    const text = await response.text()
    this.#cookie ??= response.headers.getSetCookie()[0]?.split(';')[0]
    this.received += `${response.status} ${response.statusText}\n`
    for (const [name, value] of response.headers) this.received += `${name}: ${value}\n`
    this.received += `${text}\n`
    return text
  }

  async #socketCall(method: 'GET' | 'POST', body?: string): Promise<string> {
    const sid = this.#sid === '' ? '' : `&sid=${this.#sid}`
    return this.#keep(
      await fetch(`${this.#url}/socket.io/?EIO=4&transport=polling${sid}`, {
        method,
        headers: this.#headers(),
        ...(body === undefined ? {} : { body }),
      }),
    )
  }

  async #poll(): Promise<void> {
    for (;;) {
      const text = await this.#socketCall('GET')
      for (const packet of text.split(SEPARATOR)) {
        if (packet === '2') await this.#socketCall('POST', '3')
        else if (packet.startsWith('42')) this.#onEvent(packet.slice(2))
        else if (packet.startsWith('43')) this.#onAck(packet.slice(2))
        // A noop ends a poll when the connection is closed; so does an error.
        else if (!packet.startsWith('40')) return
      }
      const waiting = this.#waiting
      this.#waiting = []
      for (const resolve of waiting) resolve()
    }
  }

  #onEvent(text: string): void {
    const [name, payload] = JSON.parse(text) as [string, Record<string, unknown>]
    this.events.push({ name, payload })
  }

  #onAck(text: string): void {
    const [, id = '', json = '[]'] = /^(\d+)(.*)$/s.exec(text) ?? []
    const [reply = {}] = JSON.parse(json) as Record<string, unknown>[]
    this.#acks.get(Number(id))?.(reply)
    this.#acks.delete(Number(id))
  }
}
