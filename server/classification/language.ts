import { eld } from 'eld/small'

/** Detector with its model and version, and after the bar the version of the rules around it. */
export const LANGUAGE_DETECTOR = 'eld-small 2.1/1'

/** A prompt whose language nobody can tell. */
const UNDETERMINED = 'und'

/** How much of a prompt is looked at, in UTF-16 code units: a language shows early. */
const EXAMINED = 4000
/** How much the detector is given; it reads no more than that. */
const DETECTED = 600
/** Fewer letters in different words say too little: many languages have a word like "no". */
const MIN_LETTERS = 20
/** Where a script stands for a language, fewer will do. */
const MIN_OF_SCRIPT = 4
const MIN_SYLLABLES = 2
/** A character of Han, kana or Hangul says as much as so many letters. */
const SYLLABLE = 3
/** Japanese writes between its Han characters at least this share of kana. */
const MIN_KANA = 0.1
/** How well the best language must fit; sentences in one language have from 0.7 to 0.9. */
const MIN_SCORE = 0.6
/** How much better it must fit than the next; in other scripts the few that share one are told well. */
const MIN_LATIN_LEAD = 0.03

/** Fenced blocks, inline code, formulas, tags, addresses: nobody's language. */
const NOT_PROSE = new RegExp(
  [
    '```[^]*?(?:```|(?![^]))',
    '^~~~[^]*?(?:^~~~|(?![^]))',
    '`[^`\\n]{1,200}`',
    '\\$\\$[^$]{1,500}\\$\\$',
    '\\$[^$\\n]{1,200}\\$',
    '</?[a-z][^<>]{0,200}>',
    '(?<!\\w)(?:https?://|www\\.)\\S{1,300}',
    '(?<!\\S)\\S{1,64}@\\S{1,64}',
  ].join('|'),
  'gim',
)

/**
 * Where scripts lie in Unicode's basic plane, by their first code unit; `-` holds no letters. Two
 * small letters are the language that the script stands for (by far the most used one, where several
 * write in it), a name means that the detector has to tell.
 */
const SCRIPTS: readonly (readonly [from: number, script: string])[] = [
  [0x0000, '-'],
  [0x0041, 'Latin'],
  [0x005b, '-'],
  [0x0061, 'Latin'],
  [0x007b, '-'],
  [0x00c0, 'Latin'],
  [0x0250, '-'],
  [0x0370, 'el'],
  [0x0400, 'Cyrillic'],
  [0x0530, 'hy'],
  [0x0590, 'he'],
  [0x0600, 'Arabic'],
  [0x0700, '-'],
  [0x0750, 'Arabic'],
  [0x0780, '-'],
  [0x08a0, 'Arabic'],
  [0x0900, 'Devanagari'],
  [0x0980, 'bn'],
  [0x0a00, 'pa'],
  [0x0a80, 'gu'],
  [0x0b00, 'or'],
  [0x0b80, 'ta'],
  [0x0c00, 'te'],
  [0x0c80, 'kn'],
  [0x0d00, 'ml'],
  [0x0d80, 'si'],
  [0x0e00, 'th'],
  [0x0e80, 'lo'],
  [0x0f00, 'bo'],
  [0x1000, 'my'],
  [0x10a0, 'ka'],
  [0x1100, 'ko'],
  [0x1200, 'am'],
  [0x13a0, '-'],
  [0x1780, 'km'],
  [0x1800, '-'],
  [0x1e00, 'Latin'],
  [0x1f00, 'el'],
  [0x2000, '-'],
  [0x3040, 'ja'],
  [0x3100, '-'],
  [0x3400, 'Han'],
  [0xa000, '-'],
  [0xac00, 'ko'],
  [0xd7b0, '-'],
  [0xf900, 'Han'],
  [0xfb00, '-'],
  [0xfb50, 'Arabic'],
  [0xfe00, '-'],
]
const SYLLABIC = new Set(['ja', 'ko', 'zh'])

// The first detection of a process compiles the detector: better here than under a visitor's prompt.
eld.detect('The first sentence takes the longest.')

/**
 * Tells the language of a prompt without a network: by its script where that stands for a language,
 * otherwise by eld's n-grams. Code, formulas and addresses are left out; what is too short or fits
 * several languages alike is not guessed.
 *
 * @returns a code of ISO 639-1, or `und`. Malay counts as Indonesian, which the detector cannot tell
 *   from it.
 */
export function languageOf(prompt: string): string {
  const prose = prompt.slice(0, EXAMINED).replace(NOT_PROSE, ' ')
  const { script, letters } = leadingScript(prose)
  if (script === '-') return UNDETERMINED
  if (script.length === 2) {
    const enough = SYLLABIC.has(script) ? MIN_SYLLABLES : MIN_OF_SCRIPT
    return letters >= enough ? script : UNDETERMINED
  }
  const examined = prose.trim().slice(0, DETECTED)
  if (letters < MIN_LETTERS || lettersOfDifferentWords(examined) < MIN_LETTERS) return UNDETERMINED
  const detected = eld.detect(examined)
  const [best = 0, next = 0] = Object.values(detected.getScores()).sort((a, b) => b - a)
  if (best < MIN_SCORE || (script === 'Latin' && best - next < MIN_LATIN_LEAD)) return UNDETERMINED
  return detected.language === 'ms' ? 'id' : detected.language
}

function lettersOfDifferentWords(text: string): number {
  let letters = 0
  for (const word of new Set(text.toLowerCase().match(/[\p{L}\p{M}]{1,100}/gu))) {
    letters += word.length
  }
  return letters
}

/** The script that says most in a text, and how many characters of it there are. */
function leadingScript(text: string): { script: string; letters: number } {
  const counts = new Map<string, number>()
  for (let index = 0; index < text.length; index += 1) {
    const script = scriptOf(text.charCodeAt(index))
    if (script !== '-') counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  const [han, kana] = [counts.get('Han') ?? 0, counts.get('ja') ?? 0]
  if (han > 0) {
    const language = kana >= MIN_KANA * (han + kana) ? 'ja' : 'zh'
    counts.delete('Han')
    counts.delete('ja')
    counts.set(language, han + kana)
  }
  let leading = { script: '-', letters: 0, says: 0 }
  for (const [script, letters] of counts) {
    const says = letters * (SYLLABIC.has(script) ? SYLLABLE : 1)
    if (says > leading.says) leading = { script, letters, says }
  }
  return leading
}

function scriptOf(unit: number): string {
  let [low, high] = [0, SCRIPTS.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((SCRIPTS[middle]?.[0] ?? 0) <= unit) low = middle
    else high = middle - 1
  }
  return SCRIPTS[low]?.[1] ?? '-'
}
