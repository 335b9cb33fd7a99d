import { describe, expect, test } from 'vitest'
import { toAnswerRequest } from '../../../../server/models/conversation.ts'
import { createEligible } from '../../../../server/models/eligible.ts'
import type { Closed } from '../../../../server/models/limits.ts'
import { makeModel } from '../../../support/providers/model.ts'

const asked = (caps = {}, more = {}) => makeModel({}, { caps, ...more }).current
const conversation = [
  { prompt: 'aaaa', answer: 'bbbb' },
  { prompt: 'cc', answer: 'dd' },
  { prompt: 'eeee' },
]
const contents = (cap: number | undefined, systemPrompt: string | null = null) =>
  toAnswerRequest(
    asked(cap === undefined ? {} : { maxInputCharacters: cap }, { systemPrompt }),
    conversation,
  ).messages.map(({ content }) => content)

describe('the cap on the input', () => {
  test.each<[number | undefined, string[]]>([
    [undefined, ['aaaa', 'bbbb', 'cc', 'dd', 'eeee']],
    [16, ['aaaa', 'bbbb', 'cc', 'dd', 'eeee']],
    [15, ['cc', 'dd', 'eeee']],
    [8, ['cc', 'dd', 'eeee']],
    [7, ['eeee']],
    [1, ['eeee']],
  ])('%s leaves out the oldest exchanges, never the prompt', (cap, expected) => {
    expect(contents(cap)).toEqual(expected)
  })

  test('counts the system prompt, and never leaves it out', () => {
    expect(contents(10, 'ss')).toEqual(['ss', 'cc', 'dd', 'eeee'])
    expect(contents(9, 'ss')).toEqual(['ss', 'eeee'])
  })
})

test('an answer gets no longer than sampling, cap and caller allow', () => {
  const most = (sampling: object, caps: object, mostTokens?: number) =>
    toAnswerRequest(asked(caps, { sampling }), [{ prompt: 'x' }], mostTokens).sampling
  expect(most({ maxTokens: 50, topK: 3 }, {})).toEqual({ maxTokens: 50, topK: 3 })
  expect(most({ maxTokens: 50 }, { maxOutputTokens: 20 })).toEqual({ maxTokens: 20 })
  expect(most({ maxTokens: 10 }, { maxOutputTokens: 20 })).toEqual({ maxTokens: 10 })
  expect(most({}, { maxOutputTokens: 20 })).toEqual({ maxTokens: 20 })
  expect(most({}, {}, 16)).toEqual({ maxTokens: 16 })
  expect(most({}, {})).toEqual({})
})

describe('who can be drawn', () => {
  const MODELS = ['a', 'b', 'c'].map((slug) => makeModel({ slug }))
  function setUp(closed: Record<string, Closed['by']>, models = MODELS) {
    const entrants = models.map(({ slug, weight }) => ({ slug, version: 1, weight }))
    const eligible = createEligible({
      roster: {
        eligible: () => entrants,
        get: (slug) => models.find((model) => model.slug === slug),
      },
      gate: {
        closed({ slug }) {
          const by = closed[slug]
          return by && { by, reason: '' }
        },
      },
    })
    return {
      entrants,
      eligible,
      slugs: (length?: number) => eligible(length).map(({ slug }) => slug),
    }
  }

  test('is the very list of the roster where nobody is left out', () => {
    const { eligible, entrants } = setUp({})
    expect(eligible()).toBe(entrants)
    expect(eligible(5)).toBe(entrants)
  })

  test.each<[Record<string, Closed['by']>, string[]]>([
    [{ a: 'budget' }, ['b', 'c']],
    [{ a: 'rate' }, ['b', 'c']],
    [{ a: 'concurrency' }, ['b', 'c']],
    // Too few are left: the busy ones are waited for, the used up ones are not.
    [{ a: 'concurrency', b: 'concurrency' }, ['a', 'b', 'c']],
    [{ a: 'concurrency', b: 'budget' }, ['a', 'c']],
    [{ a: 'rate', b: 'budget' }, ['c']],
  ])('%j leaves %j', (closed, expected) => {
    expect(setUp(closed).slugs()).toEqual(expected)
  })

  test('those of no weight are no two to choose from', () => {
    const models = [...MODELS.slice(0, 2), makeModel({ slug: 'c', weight: 0 })]
    expect(setUp({ a: 'concurrency' }, models).slugs()).toEqual(['a', 'b', 'c'])
  })

  test('a prompt that a cap does not let in is for others', () => {
    const small = makeModel(
      { slug: 'd' },
      { caps: { maxInputCharacters: 10 }, systemPrompt: 'sss' },
    )
    const { slugs } = setUp({}, [...MODELS, small])
    expect(slugs()).toEqual(['a', 'b', 'c', 'd'])
    expect(slugs(7)).toEqual(['a', 'b', 'c', 'd'])
    expect(slugs(8)).toEqual(['a', 'b', 'c'])
  })
})
