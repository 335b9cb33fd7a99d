/** A token that tokenizer.json adds to the model's own vocabulary. */
export interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special: boolean
  /** Whether the token swallows white space before it, or after it. */
  readonly lstrip: boolean
  readonly rstrip: boolean
}

/**
 * The tokens that steer the model: all special ones, and those that the chat template writes
 * itself (such as `<think>`, which some vocabularies do not call special). Other added tokens, runs
 * of spaces for instance, are ordinary text and stay with the tokenizer.
 */
export function controlTokens(added: readonly AddedToken[], template: string): AddedToken[] {
  return added.filter(
    ({ special, content }) => content !== '' && (special || template.includes(content)),
  )
}

/** Matches any of `tokens` in a text, the longest first; null when there are none. */
export function controlPattern(tokens: readonly AddedToken[]): RegExp | null {
  if (tokens.length === 0) return null
  const longestFirst = tokens.map(({ content }) => content).sort((a, b) => b.length - a.length)
  return new RegExp(`(${longestFirst.map(escapePattern).join('|')})`, 'gu')
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
}
