import type { ChatTemplate, ChatMessage } from '../../../inference/text/chat-template.ts'

/** A conversation whose answer has begun, as messages for the server and as ids for everyone else. */
export type Prompt = { readonly messages: readonly ChatMessage[]; readonly ids: readonly number[] }

const WORDS =
  'river stone light winter garden music window table paper road water mountain forest market ' +
  'letter summer house island bread story harbor silver morning evening'
const FILLERS = WORDS.split(' ')

/**
 * A prompt of exactly so many tokens that begins unlike every other one (of another `number`), so
 * that nobody knows its beginning. It ends inside of an answer that counts, which every model of any
 * size goes on with: none ends early, and each token is text.
 */
export function makePrompt(template: ChatTemplate, tokens: number, number: number): Prompt {
  const next = generator(number)
  const words: string[] = [`Round ${number}.`]
  const from = 100 + (number % 800)
  const counted = Array.from({ length: 5 }, (_, k) => from + k).join(', ')
  const build = (end: string): Prompt => {
    const messages: ChatMessage[] = [
      { role: 'system', content: `${words.join(' ')}${end}` },
      { role: 'user', content: `Count from ${from} to 1000, with commas.` },
      { role: 'assistant', content: `${counted},` },
    ]
    return { messages, ids: template.encode(messages, 'inside-last-message') }
  }
  for (;;) {
    const prompt = build('')
    const missing = tokens - prompt.ids.length
    if (missing === 0) return prompt
    if (missing < 0) throw new Error(`no prompt of ${tokens} tokens: ${prompt.ids.length} at least`)
    words.push(FILLERS[next() % FILLERS.length] ?? '')
    // A word may be two tokens; a full stop never is.
    if (missing === 1 && build('').ids.length > tokens) {
      words.pop()
      const exact = build('.')
      if (exact.ids.length === tokens) return exact
    }
  }
}

/** Numbers that look random and are the same in every run. */
function generator(seed: number): () => number {
  let state = (seed + 1) * 2_654_435_761
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 8
  }
}
