import type { Usage } from './provider.ts'

/** What one event of a chat completion stream says, as far as an answer needs it. */
export type Chunk = {
  text: string
  finish?: string | undefined
  usage?: Usage | undefined
  error?: string | undefined
}

// Put where a text was, to see that a template really is one.
const SENTINEL = '\u2020'
// oxlint-disable-next-line no-control-regex
const NEEDS_CARE = /["\\\u0000-\u001f]/
const ESCAPED_SURROGATE_OR_NUL = /\\u(?:d[89a-f]|0000)/i
const OPENING = '"content":"'

/** After so many templates that never fitted, a stream's events differ each time: stop trying. */
const MAX_IDLE_TEMPLATES = 8

/**
 * Reads the JSON of one stream's events.
 *
 * The events of a stream differ in their text alone, so that the JSON around the last text is a
 * template for the next: the same bytes before and after, and between them a plain string, mean
 * what they meant. This is exact, needs no parser for nearly all tokens, and whatever does not fit
 * is parsed strictly.
 */
export class ChunkReader {
  #before = ''
  #after = ''
  #idleTemplates = 0
  /** Half of a character outside the BMP, whose other half comes with the next event. */
  #half = ''

  /** @throws SyntaxError if the data is no JSON */
  read(data: string): Chunk {
    const text = this.#textByTemplate(data)
    if (text !== undefined) {
      this.#idleTemplates = 0
      return { text: this.#half === '' ? text : this.#join(text) }
    }
    const chunk = parseChunk(data)
    if (isPlain(chunk) && this.#idleTemplates < MAX_IDLE_TEMPLATES) this.#learn(data)
    return chunk.text === '' ? chunk : { ...chunk, text: this.#join(chunk.text) }
  }

  #textByTemplate(data: string): string | undefined {
    const before = this.#before
    const from = before.length
    const to = data.length - this.#after.length
    // Compared as slices: that is three times as fast as startsWith and endsWith.
    if (from === 0 || to <= from || data.slice(0, from) !== before) return undefined
    if (data.slice(to) !== this.#after) return undefined
    const text = data.slice(from, to)
    if (!NEEDS_CARE.test(text)) return text
    // A backslash escape; a quote that ends the string makes this no JSON, or another event.
    return ESCAPED_SURROGATE_OR_NUL.test(text) ? undefined : unescape(text)
  }

  /** Some tokenizers' servers escape the two halves of an emoji in two events. */
  #join(text: string): string {
    let whole = this.#half + text
    this.#half = /[\ud800-\udbff]$/.exec(whole)?.[0] ?? ''
    if (this.#half !== '') whole = whole.slice(0, -1)
    return whole.replaceAll(/\p{Surrogate}/gu, '\ufffd')
  }

  #learn(data: string): void {
    const start = data.indexOf(OPENING)
    if (start < 0) return
    const from = start + OPENING.length
    let to = from
    while (to < data.length && data[to] !== '"') to += data[to] === '\\' ? 2 : 1
    const before = data.slice(0, from)
    const after = data.slice(to)
    if (before === this.#before && after === this.#after) return
    // Whether this string is the text at all, and nothing else in the event is of interest.
    const probe = parseSafely(before + SENTINEL + after)
    if (probe === undefined || !isPlain(probe) || probe.text !== SENTINEL) return
    this.#before = before
    this.#after = after
    this.#idleTemplates += 1
  }
}

function unescape(text: string): string | undefined {
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return undefined
  }
}

function isPlain(chunk: Chunk): boolean {
  return chunk.text !== '' && !chunk.finish && !chunk.usage && chunk.error === undefined
}

function parseSafely(data: string): Chunk | undefined {
  try {
    return parseChunk(data)
  } catch {
    return undefined
  }
}

/**
 * Reads one event by its meaning. Providers add, leave out and null what they like: whatever is not
 * where it should be counts as absent.
 */
export function parseChunk(data: string): Chunk {
  const event = fields(JSON.parse(data))
  const choices = event['choices']
  const choice = fields(Array.isArray(choices) ? choices[0] : undefined)
  const content = fields(choice['delta'])['content']
  const finish = choice['finish_reason']
  return {
    text: typeof content === 'string' ? sound(content) : '',
    finish: typeof finish === 'string' && finish !== '' ? finish : undefined,
    usage: readUsage(event['usage']),
    error: readError(event['error']),
  }
}

/** What an `error` member says, in any of the forms that servers give it. */
export function readError(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined
  if (typeof error === 'string') return error
  const { message } = fields(error)
  return typeof message === 'string' ? message : 'an error without a message'
}

function readUsage(usage: unknown): Usage | undefined {
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = fields(usage)
  return isCount(promptTokens) && isCount(completionTokens)
    ? { promptTokens, completionTokens }
    : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

// PostgreSQL cannot store NUL, and nobody can read it.
function sound(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text
}
