import type OpenAI from 'openai'
import { oneOf } from '../load/random.ts'

/** A request for a streamed answer, which the same model answers alike every time. */
export type Question = Omit<OpenAI.ChatCompletionCreateParamsStreaming, 'stream'>

const WORDS = 'the of and computers joke tell lighthouse story we people long sea why how red'

/**
 * Questions of many kinds: greedy and seeded, short and longer than one chunk, with stop strings,
 * penalties and log-probabilities, and some that begin alike.
 */
export function questionsFor(model: string, count: number, random: () => number): Question[] {
  const words = WORDS.split(' ')
  const sentence = (length: number) => Array.from({ length }, () => oneOf(words, random)).join(' ')
  const beginning = sentence(80)
  return Array.from({ length: count }, (_, index): Question => {
    const isLong = index % 3 === 0
    const content = `${isLong ? beginning : ''} ${sentence(4 + Math.floor(random() * 30))}`
    const sampling =
      index % 2 === 0
        ? { temperature: 0 }
        : { temperature: 0.3 + random(), top_p: 0.5 + random() / 2, seed: index }
    return {
      model,
      messages: [{ role: 'user', content }],
      max_tokens: 4 + Math.floor(random() * 60),
      ...sampling,
      ...(index % 5 === 0 && { stop: [oneOf(words, random)] }),
      ...(index % 7 === 0 && { presence_penalty: 0.5, repetition_penalty: 1.1 }),
      ...(index % 4 === 0 && { logprobs: true, top_logprobs: 20 }),
    }
  })
}
