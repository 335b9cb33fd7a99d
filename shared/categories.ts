/**
 * What a prompt asks for, in a word; each battle has one, by its first prompt. Battles from before
 * there were categories have `uncategorized` until `npm run classify` files them.
 */
export const CATEGORIES = [
  'code',
  'mathematics',
  'reasoning',
  'translation',
  'writing',
  'advice',
  'knowledge',
  'other',
] as const
export type Category = (typeof CATEGORIES)[number]

/** Each category's name, and in a sentence what belongs to it, for people. */
export const CATEGORY_DESCRIPTIONS: Readonly<
  Record<Category, { readonly name: string; readonly about: string }>
> = {
  code: {
    name: 'Code',
    about: 'Programs and what surrounds them: to be written, explained, corrected or run.',
  },
  mathematics: {
    name: 'Mathematics',
    about: 'Something to calculate, to solve or to prove; formulas and equations.',
  },
  reasoning: {
    name: 'Reasoning',
    about: 'Riddles, puzzles and conclusions from what is given.',
  },
  translation: {
    name: 'Translation',
    about: 'A text or a phrase to be put into another language.',
  },
  writing: {
    name: 'Writing',
    about: 'A text to be written, rewritten, corrected or summed up.',
  },
  advice: {
    name: 'Advice',
    about: 'What to do, to choose or to try: plans, tips, recommendations, instructions.',
  },
  knowledge: {
    name: 'Knowledge',
    about: 'Questions about the world, explanations and definitions.',
  },
  other: {
    name: 'Other',
    about: 'What none of the rules knows: greetings, role play, short remarks.',
  },
}
