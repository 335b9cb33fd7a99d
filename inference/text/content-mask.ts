const FIRST_PRIVATE = 0xe000
const LAST_PRIVATE = 0xf8ff

/**
 * Hides control-token text in what people wrote while the chat template runs, so that only the
 * control tokens of the template itself can be found in its output. Hidden text is written as
 * a number between two marks, which templates neither trim nor split.
 */
export interface ContentMask {
  hide(content: string): string
  reveal(rendered: string): string
  /** A character found neither in the contents nor in the template. */
  readonly endMark: string
}

/** `texts`: everything that will be rendered, contents and template; `pattern`: control tokens. */
export function createContentMask(texts: readonly string[], pattern: RegExp | null): ContentMask {
  const [mark, endMark] = unusedCharacters(texts)
  const hidden: string[] = []
  const marked = new RegExp(`${mark}(\\d+)${mark}`, 'gu')
  return {
    endMark,
    hide: (content) =>
      pattern
        ? content.replace(pattern, (text) => `${mark}${hidden.push(text) - 1}${mark}`)
        : content,
    reveal: (rendered) =>
      rendered.replace(marked, (_, index: string) => hidden[Number(index)] ?? ''),
  }
}

function unusedCharacters(texts: readonly string[]): [string, string] {
  const free: string[] = []
  for (let code = FIRST_PRIVATE; code <= LAST_PRIVATE; code++) {
    const character = String.fromCharCode(code)
    if (texts.some((text) => text.includes(character))) continue
    free.push(character)
    const [mark, endMark] = free
    if (mark && endMark) return [mark, endMark]
  }
  throw new RangeError('the messages use every private character')
}
