import { request } from 'node:http'
import { createParser } from 'eventsource-parser'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import OpenAI from 'openai'
import { createAnthropicProvider } from '../../../server/providers/anthropic.ts'
import { anthropicEvents } from '../../../server/providers/anthropic-events.ts'
import { createFixedGuard } from '../../../server/providers/endpoint-guard.ts'
import type { EventFormat } from '../../../server/providers/event-format.ts'
import { createGoogleProvider } from '../../../server/providers/google.ts'
import { googleEvents } from '../../../server/providers/google-events.ts'
import { createOpenAiProvider } from '../../../server/providers/openai-compatible.ts'
import { openAiEvents } from '../../../server/providers/openai-events.ts'
import type { Provider } from '../../../server/providers/provider.ts'
import { withTimeouts } from '../../../server/providers/timeouts.ts'
import { createTransport } from '../../../server/providers/transport.ts'
import type { ApiName } from './provider-streams.ts'

// Ways to get the words of a stream out of an HTTP answer: ours, and those that one would take.

/** Reads one answer from a server's origin and gives out its words. */
export type Relay = (origin: string, emit: (text: string) => void) => Promise<void>

export const FORMATS: Record<ApiName, EventFormat> = {
  openai: openAiEvents,
  anthropic: anthropicEvents,
  google: googleEvents,
}

const PATHS: Record<ApiName, string> = {
  openai: '/chat/completions',
  anthropic: '/v1/messages',
  google: '/v1beta/models/m:streamGenerateContent',
}

/** The words of one event, by JSON.parse and nothing clever. */
export function wordsOf(api: ApiName, data: string): string {
  return data === '[DONE]' ? '' : FORMATS[api].parse(JSON.parse(data)).text
}

const TIMEOUTS = { firstTokenMs: 60_000, gapMs: 20_000, totalMs: 180_000 }
const transport = createTransport({
  guard: createFixedGuard('127.0.0.1'),
  connectTimeoutMs: 5000,
})
export const closeTransport = () => transport.close()

function providerOf(api: ApiName, baseUrl: string): Provider {
  const endpoint = { baseUrl, model: 'm', apiKey: 'bench' }
  if (api === 'anthropic') return createAnthropicProvider(endpoint, transport)
  if (api === 'google') return createGoogleProvider(endpoint, transport)
  return createOpenAiProvider(endpoint, transport)
}

/** The arena's own way: guard, caps, time-outs and all. */
const ours =
  (api: ApiName): Relay =>
  async (origin, emit) => {
    const provider = withTimeouts(providerOf(api, origin), TIMEOUTS)
    const signal = new AbortController().signal
    for await (const part of provider({ messages: [], sampling: {} }, signal)) {
      if ('text' in part) emit(part.text)
    }
  }

const httpAndParser =
  (api: ApiName): Relay =>
  (origin, emit) =>
    new Promise((resolve, reject) => {
      request(origin + PATHS[api], { method: 'POST' }, (response) => {
        const parser = createParser({
          onEvent: ({ data }) => {
            const text = wordsOf(api, data)
            if (text !== '') emit(text)
          },
        })
        response.setEncoding('utf8')
        response.on('data', (text: string) => parser.feed(text))
        response.on('end', resolve)
      })
        .on('error', reject)
        .end('{}')
    })

const fetchAndParser =
  (api: ApiName): Relay =>
  async (origin, emit) => {
    const { body } = await fetch(origin + PATHS[api], { method: 'POST', body: '{}' })
    const events = body
      ?.pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
    for await (const { data } of events ?? []) {
      const text = wordsOf(api, data)
      if (text !== '') emit(text)
    }
  }

const officialClient: Relay = async (origin, emit) => {
  const client = new OpenAI({ baseURL: origin, apiKey: 'bench', maxRetries: 0 })
  const stream = await client.chat.completions.create({ model: 'm', messages: [], stream: true })
  for await (const chunk of stream) {
    const text = chunk.choices[0]?.delta.content ?? ''
    if (text !== '') emit(text)
  }
}

/** By the API that they read; the first of each is ours. */
export const RELAYS: Record<ApiName, Record<string, Relay>> = {
  openai: {
    'ours (guard, caps, time-outs)': ours('openai'),
    'openai client': officialClient,
    'fetch, eventsource-parser': fetchAndParser('openai'),
    'node:http, eventsource-parser': httpAndParser('openai'),
  },
  anthropic: {
    'ours (guard, caps, time-outs)': ours('anthropic'),
    'fetch, eventsource-parser': fetchAndParser('anthropic'),
    'node:http, eventsource-parser': httpAndParser('anthropic'),
  },
  google: {
    'ours (guard, caps, time-outs)': ours('google'),
    'fetch, eventsource-parser': fetchAndParser('google'),
    'node:http, eventsource-parser': httpAndParser('google'),
  },
}
