import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLASSIFIER, classify } from '../../../../server/classification/classifier.ts'
import { languageOf } from '../../../../server/classification/language.ts'
import { CATEGORIES } from '../../../../shared/categories.ts'
import { PROMPTS } from '../../../support/classification/prompts.ts'

const MAX_PROMPT_CHARACTERS = 12_000

test.each(PROMPTS)('%s, %s: %s', (language, category, prompt) => {
  expect(classify(prompt)).toEqual({ language, category, classifier: CLASSIFIER })
})

test('what files a battle is named with its versions', () => {
  expect(CLASSIFIER).toMatch(/^eld-small \d+\.\d+\/\d+, categories \d+$/)
})

describe('the language of a prompt', () => {
  test('is that of its words, whatever is quoted in code, formulas and addresses', () => {
    const german = 'Bitte erkläre mir in einfachen Worten, was hier geschieht und warum'
    const code = 'the quick brown fox jumps over the lazy dog and runs away from everybody'
    expect(languageOf(`${german}\n\`\`\`\n${code}\n${code}\n\`\`\``)).toBe('de')
    expect(
      languageOf(`${german} \`${code}\` $${code}$ https://example.com/${'the-dog/'.repeat(30)}`),
    ).toBe('de')
    expect(languageOf(`\`\`\`\n${code}\n\`\`\``)).toBe('und')
  })

  test('is undetermined where little is said, or nothing that a language has', () => {
    for (const prompt of [
      'no',
      'Hello there',
      '1234567890',
      '?!',
      'a a a a a a a a a a a a a a a a',
    ]) {
      expect([prompt, languageOf(prompt)]).toEqual([prompt, 'und'])
    }
    expect(languageOf('asdkjh qwlekj asdlkj qwelkj asdlkj')).toBe('und')
  })

  test('follows what most of the prompt is written in', () => {
    expect(languageOf('Translate to English: 今天天气很好，我们去公园散步吧，然后一起吃午饭')).toBe(
      'zh',
    )
    expect(languageOf('What is the difference between 見る and 観る when speaking of films?')).toBe(
      'en',
    )
    expect(languageOf('東京で一番おいしいラーメン屋')).toBe('ja')
  })
})

describe('any prompt', () => {
  const HOSTILE = [
    'a',
    ' ',
    '\n',
    '\t\n',
    '1',
    '1,',
    '`',
    '`a',
    '```',
    '$',
    '$a',
    '$$a',
    '<a',
    '@',
    'x@',
    'www.',
    ';',
    '((',
    'x^',
    '1+',
    '**',
    '_',
    'SELECT ',
    'import ',
    'class a ',
    'what does ',
    'write the ',
    'if all ',
    '写',
    'が',
    '😀',
    'é',
    '\u0301',
    'taller than ',
    '~~~\n',
    ') => ',
    'https://',
  ]

  test.each(HOSTILE)('is filed at once, even %j over and over', (piece) => {
    const prompt = piece.repeat(Math.floor(MAX_PROMPT_CHARACTERS / piece.length))
    for (const each of [prompt, `${prompt}!`, `Explain ${prompt}`]) {
      const { language, category } = classify(each)
      expect(language).toMatch(/^(?:[a-z]{2}|und)$/)
      expect(CATEGORIES).toContain(category)
    }
  })

  test('has one language and one category, the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (prompt) => {
        const found = classify(prompt)
        expect(found.language).toMatch(/^(?:[a-z]{2}|und)$/)
        expect(CATEGORIES).toContain(found.category)
        expect(classify(prompt)).toEqual(found)
      }),
    )
  })
})
