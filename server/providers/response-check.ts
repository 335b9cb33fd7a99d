import type { IncomingMessage } from 'node:http'
import { readError } from './chunk-reader.ts'
import { ProviderError } from './provider.ts'

/** How much of an error's body is read and for how long: enough for its message. */
const MAX_ERROR_BYTES = 4096
const ERROR_BODY_TIMEOUT_MS = 2000
const MAX_RETRY_AFTER_MS = 3_600_000

/**
 * Whether the head of an answer is that of a stream of events.
 *
 * @param now for a `Retry-After` that names a date
 * @throws ProviderError if not, after the connection has been closed
 */
export async function checkResponse(response: IncomingMessage, now: () => number): Promise<void> {
  const status = response.statusCode ?? 0
  if (status === 200) {
    const problem = headProblem(response)
    if (problem === undefined) return
    response.destroy()
    throw new ProviderError('protocol', problem)
  }
  if (status >= 300 && status < 400) {
    response.destroy()
    throw new ProviderError('http-status', `HTTP ${status}: redirects are not followed`)
  }
  const said = await errorMessage(response)
  const message = `HTTP ${status}${said === '' ? '' : `: ${said}`}`
  const busy = status === 429 || status === 503
  throw new ProviderError(busy ? 'overloaded' : 'http-status', message, {
    retryAfterMs: retryAfter(response.headers['retry-after'], now()),
  })
}

function headProblem({ headers }: IncomingMessage): string | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding !== '' && encoding !== 'identity') {
    return `the answer is compressed (${encoding}), which was not asked for`
  }
  const type = headers['content-type'] ?? ''
  if (!/^text\/event-stream\s*(;|$)/i.test(type)) {
    return `the answer is ${type === '' ? 'of no type' : type} instead of a stream of events`
  }
  return undefined
}

/** When to come again: seconds or a date. */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const text = value.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS)
}

async function errorMessage(response: IncomingMessage): Promise<string> {
  const text = await readStart(response)
  try {
    const body: unknown = JSON.parse(text)
    const member = typeof body === 'object' && body !== null ? (body as { error?: unknown }) : {}
    return readError(member.error) ?? ''
  } catch {
    // Pages for people say nothing that an operator needs beyond the status.
    return text.trimStart().startsWith('<') ? '' : text
  }
}

function readStart(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = []
    let size = 0
    const finish = () => {
      clearTimeout(timer)
      if (!response.complete) response.destroy()
      resolve(Buffer.concat(pieces).subarray(0, MAX_ERROR_BYTES).toString('utf8'))
    }
    const timer = setTimeout(finish, ERROR_BODY_TIMEOUT_MS)
    response.on('data', (bytes: Buffer) => {
      if (size >= MAX_ERROR_BYTES) return
      pieces.push(bytes)
      size += bytes.length
      if (size >= MAX_ERROR_BYTES) finish()
    })
    response.on('end', finish)
    response.on('error', finish)
    response.on('close', finish)
  })
}
