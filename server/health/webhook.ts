import type { Logger } from 'pino'
import { scheduleByTimer, type Schedule } from '../schedule.ts'
import type { AlertNews } from './alerts.ts'
import { linkAbortWithin } from '../providers/linked-abort.ts'

const TIMEOUT_MS = 5000
/** How long it waits before the second and the third try. */
const WAITS_MS = [1000, 5000]
/** So many wait for somebody who does not answer; the oldest are let go of. */
const MAX_WAITING = 100

/** Tells alerts to `ALERT_WEBHOOK_URL`, one after the other; nobody waits for it. */
export type Webhook = {
  send(news: AlertNews): void
  /** Resolves when nothing is left to be told. */
  idle(): Promise<void>
  /** Gives up what is not told yet. */
  stop(): void
}

export const NO_WEBHOOK: Webhook = {
  send: () => undefined,
  idle: () => Promise.resolve(),
  stop: () => undefined,
}

/** @param url may hold a secret in its path, so that only its host is ever logged */
export function createWebhook(deps: {
  readonly url: string
  readonly log: Logger
  readonly schedule?: Schedule
}): Webhook {
  const { log, schedule = scheduleByTimer } = deps
  const { target, headers, host } = readUrl(deps.url)
  const waiting: AlertNews[] = []
  const ending = new AbortController()
  let running: Promise<void> | undefined

  async function tell(news: AlertNews): Promise<void> {
    for (let attempt = 0; !ending.signal.aborted; attempt += 1) {
      const problem = await post(JSON.stringify(bodyOf(news)))
      if (problem === undefined || ending.signal.aborted) return
      const wait = WAITS_MS[attempt]
      const outcome = wait === undefined ? 'and is given up' : 'and is told again'
      log.warn({ host, problem, alert: news.kind }, `an alert could not be told ${outcome}`)
      if (wait === undefined) return
      await pause(wait)
    }
  }

  /** @returns what went wrong, without the address */
  async function post(body: string): Promise<string | undefined> {
    const { signal, unlink } = linkAbortWithin(ending.signal, TIMEOUT_MS)
    try {
      // A redirect is an answer like any other that is no success: what follows it may be anywhere.
      const answer = await fetch(target, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal,
      })
      await answer.body?.cancel()
      return answer.ok ? undefined : `HTTP ${answer.status}`
    } catch (cause) {
      return problemOf(cause)
    } finally {
      unlink()
    }
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = schedule(resolve, ms)
      ending.signal.addEventListener(
        'abort',
        () => {
          cancel()
          resolve()
        },
        { once: true },
      )
    })
  }

  async function run(): Promise<void> {
    for (let news = waiting.shift(); news !== undefined; news = waiting.shift()) await tell(news)
    running = undefined
  }

  return {
    send(news) {
      if (ending.signal.aborted) return
      waiting.push(news)
      if (waiting.length > MAX_WAITING) waiting.shift()
      running ??= run()
    },
    idle: () => running ?? Promise.resolve(),
    stop() {
      waiting.length = 0
      ending.abort()
    },
  }
}

function readUrl(text: string) {
  const url = new URL(text)
  const { username, password, host } = url
  url.username = ''
  url.password = ''
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (login !== ':') headers['authorization'] = `Basic ${Buffer.from(login).toString('base64')}`
  return { target: url, headers, host }
}

/** What is sent: `text` is one line for people, as Slack, Mattermost and the like show it. */
function bodyOf({ kind, model, message, at, resolved }: AlertNews) {
  const about = model === null ? '' : ` ${model}:`
  const text = `[Trivium] ${resolved ? 'over: ' : ''}${kind}:${about} ${message}`
  return {
    text: plain(text),
    kind,
    model,
    message,
    at: new Date(at).toISOString(),
    resolved,
  }
}

/** A provider's words may be in it: nobody is called by them, and nothing is a link. */
function plain(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('@', '@\u200B')
}

/** An error of `fetch` by its cause's code; its words may hold the address. */
function problemOf(cause: unknown): string {
  if (!(cause instanceof Error)) return 'no answer'
  if (cause.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`
  const inner = cause.cause
  const code = inner instanceof Error ? (inner as Error & { code?: unknown }).code : undefined
  return typeof code === 'string' ? code : cause.name
}
