/** What style control holds constant, in the order of every array of features. */
export const STYLE_FEATURES = ['tokens', 'headers', 'lists', 'bold'] as const
export type StyleFeature = (typeof STYLE_FEATURES)[number]

/** Counts of one answer. */
export type StyleCounts = Readonly<Record<StyleFeature, number>>

// FastChat's counters, letter for letter (`add_markdown_info.py`): what is counted here has to mean
// the same as in LMArena's published battles. That holds for its quirks as well: a block of code
// that has a back-tick in it is not left out. Only where FastChat's `^\s*` lets the blanks before a list
// item reach over empty lines, ours stay within the line: the counts are the same, in linear time.
const CODE_BLOCK = /```[^`]*```/g
const HEADER = /^#{1,6}\s/gm
const ORDERED = /^[^\S\n\r\u2028\u2029]*\d+\.\s/gm
const UNORDERED = /^[^\S\n\r\u2028\u2029]*[-*+]\s/gm
const BOLD_STARS = /\*\*[^*\n]+\*\*/g
const BOLD_UNDERSCORES = /__[^_\n]+__/g

/**
 * A token, without any model's tokeniser: a run of letters with their marks and inner apostrophes,
 * up to three digits, one letter of a script that is written without spaces, or one other sign that
 * is neither space nor control. Only ratios of lengths enter the fit, and those of English prose
 * differ little from those of a byte-pair tokeniser.
 */
const TOKEN =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|\p{L}[\p{L}\p{M}]*(?:['’][\p{L}\p{M}]+)*|\p{N}{1,3}|[^\s\p{L}\p{N}\p{M}\p{C}]/gu

/** A script that is written without spaces: where it begins, a run of letters ends. */
const SPACELESS =
  /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*)/gu

/**
 * Counts what an answer looks like: its length, headers, list items and bold passages (the features
 * of style control; Li, Angelopoulos & Chiang 2024, "Does style matter?"). Markdown is counted outside
 * blocks of code, tokens everywhere.
 *
 * @param text all turns of one side's answers, joined by line feeds
 */
export function styleOf(text: string): StyleCounts {
  const prose = text.replaceAll(CODE_BLOCK, '')
  return {
    tokens: asciiTokens(text) ?? count(text.replaceAll(SPACELESS, ' $1 '), TOKEN),
    headers: count(prose, HEADER),
    lists: count(prose, ORDERED) + count(prose, UNORDERED),
    bold: count(prose, BOLD_STARS) + count(prose, BOLD_UNDERSCORES),
  }
}

const [NEITHER, SIGN, DIGIT, LETTER] = [0, 1, 2, 3] as const
const APOSTROPHE = 39
const ASCII_KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code)
  if (/[a-z]/i.test(character)) return LETTER
  if (/\d/.test(character)) return DIGIT
  return /[!-~]/.test(character) ? SIGN : NEITHER
})

/**
 * What {@link TOKEN} finds, in one pass: answers are counted when they end, by the thread that serves
 * everybody. Undefined where a character is not ASCII.
 */
function asciiTokens(text: string): number | undefined {
  let tokens = 0
  let before: number = NEITHER
  let digits = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code > 127) return undefined
    let kind = ASCII_KINDS[code]!
    if (kind === LETTER) {
      if (before !== LETTER) tokens += 1
    } else if (kind === DIGIT) {
      digits = before === DIGIT ? digits + 1 : 0
      if (digits % 3 === 0) tokens += 1
    } else if (kind === SIGN) {
      // Between letters it belongs to their word.
      const inner = code === APOSTROPHE && before === LETTER && isAsciiLetter(text, at + 1)
      if (inner) kind = LETTER
      else tokens += 1
    }
    before = kind
  }
  return tokens
}

function isAsciiLetter(text: string, at: number): boolean {
  return at < text.length && ASCII_KINDS[text.charCodeAt(at)] === LETTER
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0
}

/**
 * How two counts differ, in [−1, 1]: (A−B)/(A+B), 0 where both are 0 or one is unknown (NaN).
 */
export function relativeDifference(a: number, b: number): number {
  const sum = a + b
  return sum > 0 ? (a - b) / sum : 0
}
