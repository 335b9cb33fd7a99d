import type { IncomingMessage } from 'node:http'
import { isBusyStatus, readError, type SaidError } from './error-body.ts'
import { ProviderError } from './provider.ts'
import { retryAfter } from './retry-after.ts'

/** How much of an error's body is read and for how long: enough for its message. */
const MAX_ERROR_BYTES = 16 * 1024
const ERROR_BODY_TIMEOUT_MS = 2000

/** OpenAI's words for a model that thought until its cap: elsewhere that is an answer without text. */
const ALL_TOKENS_USED = /max_tokens or model output limit was reached/i

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
    const said = isJson(response) ? await readSaid(response) : undefined
    response.destroy()
    throw new ProviderError(
      said?.busy === true ? 'overloaded' : 'protocol',
      withWords(problem, said),
      { status: said?.status, retryAfterMs: said?.retryAfterMs },
    )
  }
  if (status >= 300 && status < 400) {
    response.destroy()
    const message = `HTTP ${status}: redirects are not followed`
    throw new ProviderError('http-status', message, { status })
  }
  const said = await readSaid(response)
  if (status === 400 && said !== undefined && ALL_TOKENS_USED.test(said.message)) {
    const message = withWords(`HTTP ${status}`, said)
    throw new ProviderError('empty', message, { status, cause: 'length' })
  }
  const busy = isBusyStatus(status)
  throw new ProviderError(busy ? 'overloaded' : 'http-status', withWords(`HTTP ${status}`, said), {
    status,
    retryAfterMs: busy ? retryAfter(response.headers, said?.retryAfterMs, now()) : undefined,
  })
}

function withWords(message: string, said: SaidError | undefined): string {
  return said === undefined || said.message === '' ? message : `${message}: ${said.message}`
}

/** Servers that cannot stream an error send it as JSON, some with a status of success. */
function isJson({ headers }: IncomingMessage): boolean {
  return /^application\/(?:[\w.-]+\+)?json\s*(;|$)/i.test(headers['content-type'] ?? '')
}

function compressionOf({ headers }: IncomingMessage): string | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? ''
  return encoding === '' || encoding === 'identity' ? undefined : encoding
}

function headProblem(response: IncomingMessage): string | undefined {
  const compression = compressionOf(response)
  if (compression !== undefined) {
    return `the answer is compressed (${compression}), which was not asked for`
  }
  const { headers } = response
  const type = headers['content-type'] ?? ''
  if (!/^text\/event-stream\s*(;|$)/i.test(type)) {
    return `the answer is ${type === '' ? 'of no type' : type} instead of a stream of events`
  }
  return undefined
}

async function readSaid(response: IncomingMessage): Promise<SaidError | undefined> {
  if (compressionOf(response) !== undefined) {
    response.destroy()
    return undefined
  }
  const text = await readStart(response)
  const raw = { message: text, status: undefined, busy: false, retryAfterMs: undefined }
  try {
    const said = readError(JSON.parse(text))
    return said === undefined || said.message === '' ? raw : said
  } catch {
    // Pages for people say nothing that an operator needs beyond the status.
    return text.trimStart().startsWith('<') ? undefined : raw
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
