import { streamError } from './error-body.ts'
import {
  countOf,
  fields,
  firstAnswer,
  items,
  textOf,
  usageOf,
  wordOf,
  type Chunk,
  type Ending,
  type EventFormat,
} from './event-format.ts'

/** The stream of `POST /chat/completions`, in what all dialects make of it. */
export const openAiEvents: EventFormat = {
  textFields: ['content', 'reasoning_content', 'reasoning'],
  parse: parseCompletionChunk,
  ending: (reason) => ENDINGS[reason] ?? 'stop',
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  length: 'length',
  // Mistral: the context is full.
  model_length: 'length',
  content_filter: 'withheld',
  error: 'failed',
  // vLLM, and DeepSeek when it runs out of machines.
  abort: 'failed',
  insufficient_system_resource: 'failed',
}

function parseCompletionChunk(json: unknown): Chunk {
  const event = fields(json)
  const choice = firstAnswer(event['choices'])
  const delta = fields(choice['delta'])
  const said = contentOf(delta['content'])
  const reasoning = said.reasoning + reasoningOf(delta)
  return {
    text: said.text + textOf(delta['refusal']),
    reasoning: reasoning === '' ? undefined : reasoning,
    finish: wordOf(choice['finish_reason']),
    usage: readUsage(event['usage'] ?? fields(event['x_groq'])['usage']),
    error: streamError(event['error'] ?? choice['error']),
  }
}

/** Mistral sends lists of parts where it thinks; all others a text. */
function contentOf(content: unknown): { text: string; reasoning: string } {
  if (typeof content === 'string') return { text: textOf(content), reasoning: '' }
  let text = ''
  let reasoning = ''
  for (const item of items(content)) {
    const part = fields(item)
    if (part['type'] === 'text') text += textOf(part['text'])
    else if (part['type'] === 'thinking') reasoning += thoughtsOf(part['thinking'])
  }
  return { text, reasoning }
}

function thoughtsOf(thinking: unknown): string {
  if (typeof thinking === 'string') return textOf(thinking)
  return items(thinking)
    .map((thought) => textOf(fields(thought)['text']))
    .join('')
}

/** Some servers send the same words under both names. */
function reasoningOf(delta: Record<string, unknown>): string {
  const words = textOf(delta['reasoning_content'])
  return words === '' ? textOf(delta['reasoning']) : words
}

function readUsage(json: unknown): Chunk['usage'] {
  const usage = fields(json)
  return usageOf(countOf(usage['prompt_tokens']), countOf(usage['completion_tokens']))
}
