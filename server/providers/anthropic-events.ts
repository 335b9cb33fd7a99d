import { streamError } from './error-body.ts'
import {
  countOf,
  fields,
  sumOf,
  textOf,
  usageOf,
  wordOf,
  type Chunk,
  type Ending,
  type EventFormat,
} from './event-format.ts'

/** The stream of Anthropic's `POST /v1/messages`. */
export const anthropicEvents: EventFormat = {
  textFields: ['text', 'thinking'],
  parse: parseMessageEvent,
  ending: (reason) => ENDINGS[reason] ?? 'stop',
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  refusal: 'withheld',
}

function parseMessageEvent(json: unknown): Chunk {
  const event = fields(json)
  switch (event['type']) {
    case 'content_block_delta':
      return piece(fields(event['delta']))
    case 'content_block_start':
      return piece(fields(event['content_block']))
    case 'message_start':
      return { text: '', usage: readUsage(fields(event['message'])['usage']) }
    case 'message_delta': {
      const finish = wordOf(fields(event['delta'])['stop_reason'])
      return { text: '', finish, usage: readUsage(event['usage']) }
    }
    case 'message_stop':
      return { text: '', done: true }
    case 'error':
      return { text: '', error: streamError(event['error'] ?? {}) }
    default:
      // Proxies put their own errors into any stream.
      return { text: '', error: streamError(event['error']) }
  }
}

/** What a block begins with or goes on with: signatures and calls of tools are not shown. */
function piece(block: Record<string, unknown>): Chunk {
  switch (block['type']) {
    case 'text':
    case 'text_delta':
      return { text: textOf(block['text']) }
    case 'thinking':
    case 'thinking_delta':
      return { text: '', reasoning: wordOf(textOf(block['thinking'])) }
    default:
      return { text: '' }
  }
}

/** Of the prompt, what was read from a cache or written to one is counted apart. */
function readUsage(json: unknown): Chunk['usage'] {
  const usage = fields(json)
  const prompt =
    countOf(usage['input_tokens']) === undefined
      ? undefined
      : sumOf(
          usage['input_tokens'],
          usage['cache_creation_input_tokens'],
          usage['cache_read_input_tokens'],
        )
  return usageOf(prompt, countOf(usage['output_tokens']))
}
