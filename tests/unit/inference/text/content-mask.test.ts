import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createContentMask } from '../../../../inference/text/content-mask.ts'

const pattern = /(<s>|<\|end\|>)/gu
const piece = fc.constantFrom('<s>', '<|end|>', 'a', '0', '\ue000', '\ue001', ' ', '👍')
const content = fc.array(piece).map((pieces) => pieces.join(''))

describe('createContentMask', () => {
  it('hides every control token and brings all texts back', () => {
    fc.assert(
      fc.property(fc.array(content), (contents) => {
        const mask = createContentMask(contents, pattern)
        const hidden = contents.map((text) => mask.hide(text))
        expect(hidden.join('')).not.toMatch(pattern)
        expect(mask.reveal(hidden.join('|'))).toBe(contents.join('|'))
      }),
    )
  })

  it('has an end mark that occurs nowhere', () => {
    const mask = createContentMask(['\ue000\ue001\ue003'], pattern)
    expect(mask.endMark).toBe('\ue004')
    expect(mask.hide('<s>')).toBe('\ue0020\ue002')
  })

  it('says so when a text leaves no mark free', () => {
    const all = Array.from({ length: 0xf900 - 0xe000 }, (_, index) =>
      String.fromCharCode(0xe000 + index),
    )
    expect(() => createContentMask([all.join('')], pattern)).toThrow(RangeError)
  })
})
