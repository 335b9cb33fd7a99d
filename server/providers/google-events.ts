import { streamError } from './error-body.ts'
import {
  fields,
  firstAnswer,
  items,
  sumOf,
  textOf,
  usageOf,
  wordOf,
  type Chunk,
  type Ending,
  type EventFormat,
} from './event-format.ts'

/** Put before the reason why a prompt was refused: answers have reasons of the same names. */
const BLOCKED = 'the prompt was blocked: '

/** The stream of Google's `:streamGenerateContent?alt=sse`. */
export const googleEvents: EventFormat = {
  // Every event tells usage anew: the fast path would never fit.
  textFields: [],
  parse: parseContentEvent,
  ending: (reason) => (reason.startsWith(BLOCKED) ? 'withheld' : (ENDINGS[reason] ?? 'stop')),
}

const ENDINGS: Readonly<Record<string, Ending>> = {
  MAX_TOKENS: 'length',
  SAFETY: 'withheld',
  RECITATION: 'withheld',
  LANGUAGE: 'withheld',
  BLOCKLIST: 'withheld',
  PROHIBITED_CONTENT: 'withheld',
  SPII: 'withheld',
  OTHER: 'withheld',
}

function parseContentEvent(json: unknown): Chunk {
  const event = fields(json)
  const candidate = firstAnswer(event['candidates'])
  let text = ''
  let reasoning = ''
  for (const item of items(fields(candidate['content'])['parts'])) {
    const part = fields(item)
    if (part['thought'] === true) reasoning += textOf(part['text'])
    else text += textOf(part['text'])
  }
  return {
    text,
    reasoning: reasoning === '' ? undefined : reasoning,
    finish: finishOf(candidate['finishReason'], fields(event['promptFeedback'])['blockReason']),
    usage: readUsage(event['usageMetadata']),
    error: streamError(event['error']),
  }
}

function finishOf(finishReason: unknown, blockReason: unknown): string | undefined {
  const blocked = wordOf(blockReason)
  if (blocked !== undefined) return BLOCKED + blocked
  const reason = wordOf(finishReason)
  return reason === 'FINISH_REASON_UNSPECIFIED' ? undefined : reason
}

function readUsage(json: unknown): Chunk['usage'] {
  const usage = fields(json)
  return usageOf(
    sumOf(usage['promptTokenCount'], usage['toolUsePromptTokenCount']),
    sumOf(usage['candidatesTokenCount'], usage['thoughtsTokenCount']),
  )
}
