import { get } from 'node:http'
import * as z from 'zod'

const HEALTH_TIMEOUT_MS = 2000
const MAX_HEALTH_BYTES = 64 * 1024

const healthSchema = z.object({
  status: z.string(),
  models: z.array(z.object({ id: z.string(), status: z.string() })).default([]),
})

/** The models that the inference process serves, once it says that it is ready. */
export function askInferenceHealth(baseUrl: string): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    // A connection of its own: a pooled one would outlive the child.
    const options = {
      agent: false,
      timeout: HEALTH_TIMEOUT_MS,
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    }
    const request = get(`${baseUrl}/health`, options, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
        if (text.length > MAX_HEALTH_BYTES) response.destroy()
      })
      response.on('error', () => resolve(undefined))
      response.on('close', () =>
        resolve(response.statusCode === 200 ? readyModels(text) : undefined),
      )
    })
    request.on('error', () => resolve(undefined))
  })
}

function readyModels(text: string): readonly string[] | undefined {
  try {
    const health = healthSchema.parse(JSON.parse(text))
    if (health.status !== 'ok') return undefined
    return health.models.filter(({ status }) => isServed(status)).map(({ id }) => id)
  } catch {
    return undefined
  }
}

function isServed(status: string): boolean {
  return status === 'ready' || status === 'ok'
}
