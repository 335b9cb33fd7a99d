import type { AnswerRequest } from '../providers/provider.ts'

const CHARACTERS_PER_TOKEN = 4

/** So many tokens are taken for a text of which nobody has told how many it has. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}

/** The same for all that is sent: the messages, and the words that the answer goes on from. */
export function inputTokensOf({ messages, answerPrefix = '' }: AnswerRequest): number {
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0)
  return tokensOf(characters + answerPrefix.length)
}
