import { get } from 'node:http'
import * as z from 'zod'
import { linkAbortWithin } from '../providers/linked-abort.ts'

const MAX_HEALTH_BYTES = 64 * 1024

const milliseconds = z.number().nonnegative()
const healthSchema = z.object({
  status: z.string(),
  models: z.array(z.object({ id: z.string(), status: z.string() })).default([]),
  silenceLimitMs: milliseconds.default(0),
  step: z.object({ ageMs: milliseconds, limitMs: milliseconds }).nullish(),
})

/** What the inference process says of itself. */
export type InferenceHealth = {
  /** The models that it serves, once it is ready. */
  readonly models: readonly string[] | undefined
  /** How long it may leave a question unanswered, in its own view. */
  readonly silenceLimitMs: number
  /** How old its present step is, and how old one may become. */
  readonly step: { readonly ageMs: number; readonly limitMs: number } | null
}

/**
 * Asks the inference process how it does; undefined when no sensible answer comes within
 * `timeoutMs`, or before `interested` says that nobody is interested any more.
 */
export function askInferenceHealth(
  baseUrl: string,
  timeoutMs: number,
  interested: AbortSignal,
): Promise<InferenceHealth | undefined> {
  return new Promise((resolve) => {
    // A connection of its own: a pooled one would outlive the child.
    const { signal, unlink } = linkAbortWithin(interested, timeoutMs)
    const request = get(`${baseUrl}/health`, { agent: false, signal }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
        if (text.length > MAX_HEALTH_BYTES) response.destroy()
      })
      response.on('error', () => resolve(undefined))
      response.on('close', () => resolve(healthOf(text, response.statusCode === 200)))
    })
    request.on('error', () => resolve(undefined))
    request.on('close', unlink)
  })
}

function healthOf(text: string, isOk: boolean): InferenceHealth | undefined {
  try {
    const { status, models, silenceLimitMs, step } = healthSchema.parse(JSON.parse(text))
    const served = models.filter((model) => isServed(model.status)).map(({ id }) => id)
    return {
      models: isOk && status === 'ok' ? served : undefined,
      silenceLimitMs,
      step: step ?? null,
    }
  } catch {
    return undefined
  }
}

function isServed(status: string): boolean {
  return status === 'ready' || status === 'ok'
}
