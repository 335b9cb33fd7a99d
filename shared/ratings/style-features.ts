/** What style control holds constant, in the order of every array of features. */
export const STYLE_FEATURES = ['tokens', 'headers', 'lists', 'bold'] as const
export type StyleFeature = (typeof STYLE_FEATURES)[number]

/** Counts of one answer. */
export type StyleCounts = Readonly<Record<StyleFeature, number>>

// FastChat's counters, letter for letter (`add_markdown_info.py`): what is counted here has to mean
// the same as in LMArena's published battles. That holds for its quirks as well: a block of code
// that has a back-tick in it is not left out.
const CODE_BLOCK = /```[^`]*```/g
const HEADER = /^#{1,6}\s/gm
const ORDERED = /^\s*\d+\.\s/gm
const UNORDERED = /^\s*[-*+]\s/gm
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
    tokens: count(text.replaceAll(SPACELESS, ' $1 '), TOKEN),
    headers: count(prose, HEADER),
    lists: count(prose, ORDERED) + count(prose, UNORDERED),
    bold: count(prose, BOLD_STARS) + count(prose, BOLD_UNDERSCORES),
  }
}

function count(text: string, pattern: RegExp): number {
  let found = 0
  for (const _ of text.matchAll(pattern)) found += 1
  return found
}

/**
 * How two counts differ, in [−1, 1]: (A−B)/(A+B), 0 where both are 0 or one is unknown (NaN).
 */
export function relativeDifference(a: number, b: number): number {
  const sum = a + b
  return sum > 0 ? (a - b) / sum : 0
}
