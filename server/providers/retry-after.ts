import type { IncomingHttpHeaders } from 'node:http'

const LONGEST_MS = 3_600_000

/**
 * When a provider wants to be asked again, in milliseconds from now: by `retry-after-ms`, by
 * `Retry-After` (seconds or a date), else by what its error said. An hour at most.
 */
export function retryAfter(
  headers: IncomingHttpHeaders,
  said: number | undefined,
  now: number,
): number | undefined {
  const ms = inMilliseconds(headers['retry-after-ms']) ?? fromNow(headers['retry-after'], now)
  const wanted = ms ?? said
  return wanted === undefined ? undefined : boundedWait(wanted)
}

/** A time to wait in milliseconds, an hour at most: a provider's mistake must not cost it a day. */
export function boundedWait(ms: number): number {
  return Math.min(Math.max(0, ms), LONGEST_MS)
}

function inMilliseconds(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\s*\d+(?:\.\d+)?\s*$/.test(value)
    ? Math.ceil(Number(value))
    : undefined
}

function fromNow(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? ''
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000)
  // Dates of HTTP begin with a day; the parser takes nearly anything for a year.
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : date - now
}
