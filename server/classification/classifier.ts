import type { Category } from '../../shared/categories.ts'
import { categoryOf } from '../../shared/categorize.ts'
import { CATEGORY_RULES_VERSION } from '../../shared/category-rules.ts'
import { LANGUAGE_DETECTOR, languageOf } from './language.ts'

/** Where a battle is filed, and by what. */
export type Classification = {
  /** ISO 639-1, or `und`. */
  readonly language: string
  readonly category: Category
  readonly classifier: string
}

/** Detector and rules with their versions, as stored with every battle that they filed. */
export const CLASSIFIER = `${LANGUAGE_DETECTOR}, categories ${CATEGORY_RULES_VERSION}`

/** Files a battle by its first prompt; needs no network and takes well under a millisecond. */
export function classify(prompt: string): Classification {
  const language = languageOf(prompt)
  return { language, category: categoryOf(prompt, language), classifier: CLASSIFIER }
}
