import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ThinkSplitter } from '../../../../server/providers/think-splitter.ts'

function split(pieces: readonly string[]) {
  const splitter = new ThinkSplitter()
  const all = [...pieces.map((piece) => splitter.push(piece)), splitter.end()]
  return {
    text: all.map(({ text }) => text).join(''),
    reasoning: all.map(({ reasoning }) => reasoning).join(''),
  }
}

function cut(text: string, at: readonly number[]): string[] {
  const places = [...at].map((place) => place % (text.length + 1)).toSorted((a, b) => a - b)
  const edges = [0, ...places, text.length]
  return edges.slice(1).map((edge, index) => text.slice(edges[index], edge))
}

describe('ThinkSplitter', () => {
  test.each([
    ['plain words', '', 'plain words'],
    ['<think>hm</think>yes', 'hm', 'yes'],
    ['\n<think>\nhm\n</think>\n\nyes', '\nhm\n', 'yes'],
    ['<thinking>hm</thinking> yes', 'hm', 'yes'],
    ['<thinking>a </think> b</thinking>yes', 'a </think> b', 'yes'],
    ['<think>a < b </thin</think>yes', 'a < b </thin', 'yes'],
    ['<think>never closed', 'never closed', ''],
    ['<think>cut in the tag </thi', 'cut in the tag </thi', ''],
    ['<think></think>', '', ''],
    ['<thi', '', '<thi'],
    ['<thinker>', '', '<thinker>'],
    ['yes <think>no</think>', '', 'yes <think>no</think>'],
    ['<think>a</think>b <think>c</think>', 'a', 'b <think>c</think>'],
    [' \n', '', ' \n'],
    [`${' '.repeat(80)}<think>a</think>`, '', `${' '.repeat(80)}<think>a</think>`],
  ])('%j', (whole, reasoning, text) => {
    expect(split([whole])).toEqual({ text, reasoning })
    expect(split(whole.split(''))).toEqual({ text, reasoning })
  })

  test('gives the same text and reasoning however the stream is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom('<think>', '</think>', '<thinking>', '</thinking>', '<', '</', ' ', '\n'),
      fc.string({ maxLength: 6 }),
      fc.constant(' '.repeat(40)),
    )
    const whole = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(whole, fc.array(fc.nat(), { maxLength: 20 }), (text, at) => {
        expect(split(cut(text, at))).toEqual(split([text]))
      }),
      { numRuns: 1000 },
    )
  })

  test('holds nothing back that is decided', () => {
    const splitter = new ThinkSplitter()
    expect(splitter.push('<think>a')).toEqual({ text: '', reasoning: 'a' })
    expect(splitter.push(' b</')).toEqual({ text: '', reasoning: ' b' })
    expect(splitter.push('think>x')).toEqual({ text: 'x', reasoning: '' })
    expect(splitter.isDone).toBe(true)
  })
})
