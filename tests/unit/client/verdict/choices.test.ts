import { describe, expect, it } from 'vitest'
import {
  choiceOfKey,
  neighbour,
  nextOpenRow,
  readiness,
  rowBeside,
} from '../../../../client/verdict/choices.ts'

describe('choices', () => {
  it('have the keys 1 to 5 in the order A, tie, B, both bad, cannot say', () => {
    expect(['1', '2', '3', '4', '5'].map(choiceOfKey)).toEqual([
      'a',
      'tie',
      'b',
      'both_bad',
      'skip',
    ])
    expect(['0', '6', 'a', 'Enter', '12'].map(choiceOfKey)).toEqual(Array(5).fill(undefined))
  })

  it('move within a row without wrapping', () => {
    expect(neighbour(undefined, 1)).toBe('a')
    expect(neighbour(undefined, -1)).toBe('skip')
    expect(neighbour('tie', 1)).toBe('b')
    expect(neighbour('a', -1)).toBe('a')
    expect(neighbour('skip', 1)).toBe('skip')
  })

  it('move between rows', () => {
    expect(rowBeside('accuracy', 1)).toBe('helpfulness')
    expect(rowBeside('accuracy', -1)).toBe('accuracy')
    expect(rowBeside('language', 1)).toBe('language')
  })

  it('know the next row without an answer', () => {
    expect(nextOpenRow({})).toBe('accuracy')
    expect(nextOpenRow({ accuracy: 'a' }, 'accuracy')).toBe('helpfulness')
    expect(nextOpenRow({ language: 'a' }, 'language')).toBe('accuracy')
    expect(nextOpenRow({ accuracy: 'a', helpfulness: 'b', language: 'tie' })).toBeUndefined()
  })

  it('are a vote when all three are answered and one of them says something', () => {
    expect(readiness({ accuracy: 'a' })).toEqual({ kind: 'incomplete', left: 2 })
    expect(readiness({ accuracy: 'skip', helpfulness: 'skip', language: 'skip' })).toEqual({
      kind: 'nothing',
    })
    const verdicts = { accuracy: 'a', helpfulness: 'skip', language: 'both_bad' } as const
    expect(readiness(verdicts)).toEqual({ kind: 'ready', verdicts })
  })
})
