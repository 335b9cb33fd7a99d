import { describe, expect, test } from 'vitest'
import { CATEGORIES, CATEGORY_DESCRIPTIONS } from '../../../shared/categories.ts'
import { categoryOf } from '../../../shared/categorize.ts'
import { CATEGORY_RULES } from '../../../shared/category-rules.ts'

describe('the rules', () => {
  test('every category but `other` has a rule, and every one a name and a sentence', () => {
    const ruled = new Set(CATEGORY_RULES.map(({ category }) => category))
    for (const category of CATEGORIES) {
      expect([category, ruled.has(category)]).toEqual([category, category !== 'other'])
      expect(CATEGORY_DESCRIPTIONS[category].about).toMatch(/^[A-Z].+\.$/)
    }
  })

  test('no word of them is empty, in capitals, or written with a typographic apostrophe', () => {
    for (const { when } of CATEGORY_RULES) {
      for (const list of when.flatMap(({ words = {} }) => Object.values(words))) {
        for (const word of list.split('|')) {
          expect(word).toMatch(/\S/)
          expect(word).toBe(word.normalize('NFC').toLowerCase().trim())
          expect(word).not.toContain('’')
          expect(word).not.toMatch(/.\*./)
        }
      }
    }
  })

  test('patterns keep no place between two prompts, so that each is judged alone', () => {
    const patterns = CATEGORY_RULES.flatMap(({ when }) =>
      when.flatMap((each) => each.patterns ?? []),
    )
    expect(patterns.filter(({ global, sticky }) => global || sticky)).toEqual([])
  })
})

describe('of several rules the narrower one decides', () => {
  test.each([
    ['code', 'Translate this Python function to Rust'],
    ['translation', 'Translate this poem about mathematics into German'],
    ['mathematics', 'Write the solution of x^2 = 4 as a poem'],
    ['writing', 'Write a story about a man who asks what the meaning of life is'],
    ['reasoning', 'What is the answer to this riddle?'],
    ['advice', 'What would you recommend?'],
    ['other', 'Hello there'],
  ])('%s: %s', (category, prompt) => {
    expect(categoryOf(prompt, 'en')).toBe(category)
  })
})

test('words are whole words, in any case, with either apostrophe', () => {
  expect(categoryOf('A PLANET IS ROUND', 'de')).toBe('other')
  expect(categoryOf('WHO’S THE KING', 'en')).toBe('knowledge')
  expect(categoryOf('a whoever walks', 'en')).toBe('other')
  expect(categoryOf('用Python写一个函数', 'zh')).toBe('code')
})

test('words of another language do not count where the language is known', () => {
  expect(categoryOf('ich sah das wo der Hund lag', 'de')).toBe('knowledge')
  expect(categoryOf('ich sah das wo der Hund lag', 'fr')).toBe('other')
  expect(categoryOf('ich sah das wo der Hund lag', 'und')).toBe('knowledge')
})

test('a long prompt is filed by its two ends', () => {
  const middle = 'la la la. '.repeat(1000)
  expect(categoryOf(`${middle}${middle}Translate all this.`, 'en')).toBe('translation')
  expect(categoryOf(`Translate this: ${middle}`, 'en')).toBe('translation')
  expect(categoryOf(`${middle}Translate this.${middle}`, 'en')).toBe('other')
})
