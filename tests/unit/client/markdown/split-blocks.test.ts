import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitBlocks } from '../../../../client/markdown/split-blocks.ts'

describe('splitBlocks', () => {
  it('cuts paragraphs, headings and tables at blank lines', () => {
    expect(splitBlocks('# One\n\nTwo\nlines\n\n| a |\n| - |')).toEqual([
      '# One\n',
      'Two\nlines\n',
      '| a |\n| - |',
    ])
  })

  it.each([
    ['code', '```py\na\n\nb\n```'],
    ['code whose fence is longer', '````\n```\n\nx\n````'],
    ['unfinished code', '~~~\na\n\nb'],
    ['mathematics', '$$\na\n\nb\n$$'],
    ['mathematics in brackets', '\\[\na\n\nb\n\\]'],
    ['a loose list', '1. one\n\n2. two\n\n   still two\n\n3. three'],
    ['code inside a list', '- one\n\n  ```\n  a\n\n  b\n  ```\n\n- two'],
    ['a text with link definitions', '[x][1]\n\n[1]: https://example.org'],
  ])('leaves %s in one piece', (_name, markdown) => {
    expect(splitBlocks(markdown)).toEqual([markdown])
  })

  it('begins a new block after code and after a list', () => {
    expect(splitBlocks('```\na\n```\n\nText')).toHaveLength(2)
    expect(splitBlocks('- a\n- b\n\nText')).toHaveLength(2)
  })

  it('loses nothing', () => {
    const line = fc.constantFrom(
      'text',
      '',
      '# h',
      '- a',
      '  b',
      '```',
      '$$',
      '1. x',
      '> q',
      '| t |',
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        expect(splitBlocks(lines.join('\n')).join('\n')).toBe(lines.join('\n'))
      }),
    )
  })

  it('keeps finished blocks as they are while the text grows', () => {
    const text = '# A\n\nOne\n\n- x\n- y\n\n```\ncode\n\nmore\n```\n\nEnd of it.'
    for (let length = 1; length <= text.length; length++) {
      const before = splitBlocks(text.slice(0, length))
      const after = splitBlocks(text.slice(0, length + 1))
      expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
    }
  })
})
