import { ConversionError } from './conversion-error.ts'
import { shown } from './metadata.ts'

/**
 * How a byte-level vocabulary wants text cut before it merges anything. A GGUF file only names the
 * way; the patterns are those of the tokenizers that the names stand for, with `\s` written out as
 * White_Space, since JavaScript counts other characters to `\s` than they do.
 */
export interface PreTokenizer {
  /** Each cuts what the ones before left. */
  readonly patterns: readonly string[]
  /** Whether a piece that is a token of its own is taken without merging. */
  readonly wholeWords: boolean
  /** Whether text is normalised to NFC first. */
  readonly composed: boolean
}

const SPACE = String.raw`\p{White_Space}`
const TRAILING = String.raw`${SPACE}+(?!\P{White_Space})|${SPACE}+`
const WORDS = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^${SPACE}\p{L}\p{N}]+|${TRAILING}`
const ENDINGS = "'(?:[sS]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])"
/** Words with the sign before them, digits in groups, signs, lines and spaces. */
const grouped = (digits: string) =>
  String.raw`${ENDINGS}|[^\r\n\p{L}\p{N}]?\p{L}+|${digits}| ?[^${SPACE}\p{L}\p{N}]+[\r\n]*|${SPACE}*[\r\n]+|${TRAILING}`
const UPPER = String.raw`\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}`
const LOWER = String.raw`\p{Ll}\p{Lm}\p{Lo}\p{M}`
const CASED =
  String.raw`[^\r\n\p{L}\p{N}]?[${UPPER}]*[${LOWER}]+|[^\r\n\p{L}\p{N}]?[${UPPER}]+[${LOWER}]*` +
  String.raw`|\p{N}| ?[^${SPACE}\p{L}\p{N}]+[\r\n/]*|${SPACE}*[\r\n]+|${TRAILING}`

const plain = (...patterns: string[]): PreTokenizer => ({
  patterns,
  wholeWords: false,
  composed: false,
})
const GPT2 = plain(WORDS)
const DIGITS_THEN_WORDS = plain(String.raw`\p{N}`, WORDS)
const LLAMA3: PreTokenizer = { ...plain(grouped(String.raw`\p{N}{1,3}`)), wholeWords: true }
const QWEN2: PreTokenizer = { ...plain(grouped(String.raw`\p{N}`)), composed: true }

const BY_NAME: Readonly<Record<string, PreTokenizer>> = {
  default: plain(String.raw`[\p{P}$+<=>^~|]+`, WORDS, String.raw`\p{N}+`, '[0-9][0-9][0-9]'),
  'gpt-2': GPT2,
  mpt: GPT2,
  olmo: GPT2,
  smollm: DIGITS_THEN_WORDS,
  starcoder: DIGITS_THEN_WORDS,
  refact: DIGITS_THEN_WORDS,
  'command-r': DIGITS_THEN_WORDS,
  'llama-bpe': LLAMA3,
  llama3: LLAMA3,
  'llama-v3': LLAMA3,
  qwen2: QWEN2,
  'deepseek-r1-qwen': QWEN2,
  tekken: { ...plain(CASED), wholeWords: true },
}

/** The way with this name. Throws a ConversionError for one that is not known. */
export function preTokenizer(name: string): PreTokenizer {
  const found = Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined
  if (found) return found
  throw new ConversionError(
    `the pre-tokenizer ${shown(name)} is not known, only ${Object.keys(BY_NAME).join(', ')}`,
  )
}
