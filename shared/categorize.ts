import type { Category } from './categories.ts'
import { CATEGORY_RULES } from './category-rules.ts'

/** How much of a long prompt the rules look at: what is asked for stands at its ends. */
const HEAD = 2000
const TAIL = 500

const UNDETERMINED = 'und'
const UNSPACED = new Set(['ja', 'th', 'zh'])
/** What goes on with a word. Latin words may touch other scripts: 用Python写, Python으로. */
const LATIN = '\\p{Script=Latin}\\p{M}\\p{N}_'
const ANY = '\\p{L}\\p{M}\\p{N}_'

type Test = (text: string, folded: string, language: string) => boolean

/** Each rule's tests, compiled when a language is first seen. */
const RULES = CATEGORY_RULES.map(({ category, when }) => ({
  category,
  tests: when.map(({ words, patterns = [] }): Test => {
    const byLanguage = new Map<string, RegExp>()
    return (text, folded, language) => {
      if (patterns.some((pattern) => pattern.test(text))) return true
      if (words === undefined) return false
      const key = language in words ? language : language === UNDETERMINED ? UNDETERMINED : 'en'
      let expression = byLanguage.get(key)
      if (expression === undefined) {
        expression = compileWords(words, key)
        byLanguage.set(key, expression)
      }
      return expression.test(folded)
    }
  }),
}))

/**
 * Files a prompt under one category by the rules of `category-rules.ts`: the first whose conditions
 * are all met.
 *
 * @param prompt a battle's first prompt
 * @param language its language (ISO 639-1, or `und`): whose words are looked for beside English ones
 */
export function categoryOf(prompt: string, language: string): Category {
  const text =
    prompt.length <= HEAD + TAIL ? prompt : `${prompt.slice(0, HEAD)}\n${prompt.slice(-TAIL)}`
  // As the lists are written: small letters, single blanks, straight apostrophes.
  const folded = text.normalize('NFC').toLowerCase().replace(/\s/g, ' ').replaceAll('’', "'")
  const rule = RULES.find(({ tests }) => tests.every((test) => test(text, folded, language)))
  return rule?.category ?? 'other'
}

/** One expression for all words of a condition; nothing in it repeats, so it takes linear time. */
function compileWords(words: Readonly<Record<string, string>>, language: string): RegExp {
  // Words with the same bounds stand together as plain alternatives, which the engine is fast at.
  const groups = new Map<string, string[]>()
  for (const [of, list] of Object.entries(words)) {
    if (language !== UNDETERMINED && of !== language && of !== 'en' && of !== 'any') continue
    for (const word of list.split('|')) {
      const text = word.replaceAll('*', '')
      const letters = /^\p{Script=Latin}/u.test(text) ? LATIN : ANY
      const begins = UNSPACED.has(of) || word.startsWith('*') ? '' : `(?<![${letters}])`
      const ends = UNSPACED.has(of) || word.endsWith('*') ? '' : `(?![${letters}])`
      const bounds = `${begins}(?:…)${ends}`
      const group = groups.get(bounds) ?? []
      group.push(text.replace(/[.+\\^$()[\]{}?]/g, '\\$&'))
      groups.set(bounds, group)
    }
  }
  // Sorted, so that it finds common beginnings.
  const parts = [...groups].map(([bounds, group]) =>
    bounds.replace('…', () => group.sort().join('|')),
  )
  return new RegExp(parts.join('|'), 'u')
}
