import OpenAI from 'openai'
import { pino } from 'pino'
import { expect, onTestFinished, vi } from 'vitest'
import { type InferenceServer, startInferenceServer } from '../../../inference/server.ts'
import type { InferenceServerOptions } from '../../../inference/server.ts'
import { TINY_MODELS } from './models.ts'

export interface TestServer extends InferenceServer {
  readonly url: string
  readonly client: OpenAI
}

/** Starts a server on a free port, with its models loaded, that is closed when the test ends. */
export async function startServer(
  options: Partial<InferenceServerOptions> = {},
): Promise<TestServer> {
  const server = await startInferenceServer({
    host: '127.0.0.1',
    port: 0,
    modelsDirectory: TINY_MODELS,
    threads: 1,
    log: pino({ level: 'silent' }),
    ...options,
  })
  onTestFinished(() => server.close())
  await server.loaded
  const url = `http://${server.host}:${server.port}`
  return {
    ...server,
    url,
    client: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 }),
  }
}

/** Waits until no sequence is active or waiting. */
export async function idle({ scheduler }: InferenceServer): Promise<void> {
  await vi.waitFor(() => expect([scheduler.activeCount, scheduler.waitingCount]).toEqual([0, 0]), {
    interval: 5,
    timeout: 10_000,
  })
}

/** A prompt that the tiny model answers at length: its greedy answer has no end in 1900 tokens. */
export const ENDLESS = { role: 'user', content: 'Tell me a joke about computers.' } as const
export const TINY_ID = 'tiny-random'

/** A body for POST /v1/chat/completions, greedy. */
export function chatBody(fields: object = {}): object {
  return { model: TINY_ID, messages: [ENDLESS], temperature: 0, max_tokens: 16, ...fields }
}

/** Sends a body as it is; `fetch` and not the client, to see status and headers. */
export function post(
  url: string,
  body: object | string,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  })
}
