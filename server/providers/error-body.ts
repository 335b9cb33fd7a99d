import { fields, items, wordOf } from './event-format.ts'
import { ProviderError } from './provider.ts'
import { boundedWait } from './retry-after.ts'

/** What a provider says of a failure, in any of the forms that they give it. */
export type SaidError = {
  /** Its words, with the type or code that it gave them; empty if it found none. */
  message: string
  /** An HTTP status that is told inside, as in streams whose head was a 200. */
  status: number | undefined
  /** Whether it asks to be left alone for a while. */
  busy: boolean
  retryAfterMs: number | undefined
}

const BUSY =
  /^(?:overloaded(?:_error)?|rate_limit(?:_error|_exceeded)?|resource_exhausted|unavailable|too_many_requests|insufficient_system_resource|server_busy)$/i
const BUSY_STATUS: ReadonlySet<number> = new Set([429, 503, 529])

/** Whether a status means: later, perhaps. 529 is Anthropic's for too much work. */
export function isBusyStatus(status: number): boolean {
  return BUSY_STATUS.has(status)
}

/**
 * Reads the JSON of an error's body, or the `error` member of an event.
 *
 * @returns undefined if it tells of no error
 */
export function readError(json: unknown): SaidError | undefined {
  if (json === undefined || json === null) return undefined
  if (typeof json === 'string') return said(json, {})
  // Google's answers are lists unless a stream of events was asked for.
  if (Array.isArray(json)) return readError(json[0])
  const outer = fields(json)
  const error = outer['error'] ?? outer
  if (typeof error === 'string') return said(error, outer)
  const inner = fields(error)
  return said(wordsOf(inner) ?? '', inner)
}

/** The error that an event of a stream reports, if it does. */
export function streamError(json: unknown): ProviderError | undefined {
  const error = readError(json)
  if (error === undefined) return undefined
  const { message, busy, status, retryAfterMs } = error
  return new ProviderError(
    busy ? 'overloaded' : 'protocol',
    `the stream reported an error${message === '' ? ' without a message' : `: ${message}`}`,
    { status, retryAfterMs },
  )
}

function said(words: string, error: Record<string, unknown>): SaidError {
  const { code } = error
  const names = [error['status'], error['type'], code]
    .filter((name) => typeof name === 'string' || typeof name === 'number')
    .map(String)
  const telling = names.filter((name) => !['', 'error'].includes(name) && !words.includes(name))
  const inside = [...new Set(telling)].join(', ')
  const number = typeof code === 'string' && /^\d{3}$/.test(code) ? Number(code) : code
  const status = typeof number === 'number' && number >= 400 && number < 600 ? number : undefined
  return {
    message: inside === '' ? words : `${words} (${inside})`.trimStart(),
    status,
    busy: (status !== undefined && isBusyStatus(status)) || names.some((name) => BUSY.test(name)),
    retryAfterMs: retryDelay(error['details']),
  }
}

/** The message, wherever it is: `message`, FastAPI's `detail`, and what OpenRouter was told. */
function wordsOf(error: Record<string, unknown>): string | undefined {
  const words =
    wordOf(error['message']) ??
    wordOf(error['detail']) ??
    detailOf(error['message']) ??
    detailOf(error['detail']) ??
    wordOf(error['error_description'])
  const raw = wordOf(fields(error['metadata'])['raw'])
  if (raw === undefined) return words
  return words === undefined ? raw : `${words}: ${raw}`
}

/** FastAPI's complaints: what is wrong and where. */
function detailOf(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value : items(fields(value)['detail'])
  const complaints = list.flatMap((item) => {
    const { msg, loc } = fields(item)
    return typeof msg === 'string' ? [`${items(loc).map(String).join('.')}: ${msg}`] : []
  })
  return complaints.length === 0 ? undefined : complaints.join('; ')
}

/** Google's `RetryInfo`: seconds with an s. */
function retryDelay(details: unknown): number | undefined {
  for (const detail of items(details)) {
    const delay = fields(detail)['retryDelay']
    const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined
    if (seconds !== undefined) return boundedWait(Math.ceil(Number(seconds) * 1000))
  }
  return undefined
}
