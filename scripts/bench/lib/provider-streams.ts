import { createServer } from 'node:http'

// Answers as three companies stream them, one event a token, for the bench of reading them.

export const API_NAMES = ['openai', 'anthropic', 'google'] as const
export type ApiName = (typeof API_NAMES)[number]

export const WORDS = [
  'The',
  ' quick',
  ' brown',
  ' fox',
  ' jumps',
  ',',
  ' "over"',
  ' the',
  ' dog',
  '.\n',
]

function event(data: object, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`
}

function openAiEvent(content: string): string {
  const choice = { index: 0, delta: { content }, logprobs: null, finish_reason: null }
  const head = { id: 'chatcmpl-0f1e2d3c4b5a', object: 'chat.completion.chunk', created: 1760000000 }
  return event({ ...head, model: 'some/model-name', choices: [choice] })
}

function anthropicEvent(text: string): string {
  const delta = { type: 'text_delta', text }
  return event({ type: 'content_block_delta', index: 0, delta }, 'content_block_delta')
}

function googleEvent(text: string, index: number): string {
  return event({
    candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }],
    usageMetadata: {
      promptTokenCount: 12,
      candidatesTokenCount: index,
      totalTokenCount: 12 + index,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 12 }],
    },
    modelVersion: 'some-model-name',
    responseId: 'Zm9vYmFyYmF6cXV4',
  })
}

const MESSAGE_USAGE = { input_tokens: 12, output_tokens: 1 }

/** What streams begin with, the events of their words, and their end. */
export const STREAMS: Record<ApiName, { start: string; events: readonly Buffer[]; end: string }> = {
  openai: {
    start: '',
    events: WORDS.map((word) => Buffer.from(openAiEvent(word))),
    end: `${event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}data: [DONE]\n\n`,
  },
  anthropic: {
    start: event({ type: 'message_start', message: { usage: MESSAGE_USAGE } }, 'message_start'),
    events: WORDS.map((word) => Buffer.from(anthropicEvent(word))),
    end:
      event({ type: 'message_delta', delta: { stop_reason: 'end_turn' } }, 'message_delta') +
      event({ type: 'message_stop' }, 'message_stop'),
  },
  google: {
    start: '',
    events: WORDS.map((word, index) => Buffer.from(googleEvent(word, index))),
    end: event({ candidates: [{ finishReason: 'STOP' }] }),
  },
}

function apiOf(path: string): ApiName {
  if (path.includes('/messages')) return 'anthropic'
  return path.includes(':streamGenerateContent') ? 'google' : 'openai'
}

/**
 * The provider, in a process of its own: every stream a token each 1/rate seconds, all out of step.
 * Tells its parent where it listens.
 */
export function serveStreams(host: string, rate: number, tokens: number): void {
  const server = createServer((request, response) => {
    request.resume()
    const { start, events, end } = STREAMS[apiOf(request.url ?? '')]
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(start)
    let sent = 0
    const send = () => {
      response.write(events[sent % events.length])
      sent += 1
      if (sent < tokens) return
      clearInterval(timer)
      response.end(end)
    }
    const timer = setInterval(send, 1000 / rate)
  })
  server.listen(0, host, () => process.send?.(server.address()))
}
