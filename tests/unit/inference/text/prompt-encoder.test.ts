import { describe, expect, it } from 'vitest'
import {
  type AddedToken,
  controlPattern,
  controlTokens,
} from '../../../../inference/text/control-tokens.ts'
import { PromptEncoder } from '../../../../inference/text/prompt-encoder.ts'
import { tokenizerJsonSchema } from '../../../../inference/text/tokenizer-json.ts'

const token = (id: number, content: string, more: Partial<AddedToken> = {}): AddedToken => ({
  id,
  content,
  special: true,
  lstrip: false,
  rstrip: false,
  ...more,
})

describe('control tokens', () => {
  it('are the special ones and those that the template writes', () => {
    const added = [
      token(1, '<s>'),
      token(2, '<think>', { special: false }),
      token(3, '\n\n', { special: false }),
      token(4, ''),
    ]
    expect(controlTokens(added, '{{ "<think>" }}').map(({ id }) => id)).toEqual([1, 2])
  })

  it('are found longest first, whatever characters they have', () => {
    const pattern = controlPattern([
      token(1, '<|a'),
      token(2, '<|a|>'),
      token(3, '[X]('),
      token(4, '\\n$'),
    ])
    expect('1<|a|>2<|a3[X](4\\n$5'.split(pattern ?? '')).toEqual([
      '1',
      '<|a|>',
      '2',
      '<|a',
      '3',
      '[X](',
      '4',
      '\\n$',
      '5',
    ])
    expect(controlPattern([])).toBeNull()
  })
})

// A vocabulary in the manner of SentencePiece: words begin with ▁, everything is one letter a token.
const letters = ['▁', 'a', 'b', 'c', '<unk>', '<s>', '</s>']
const json = (pre_tokenizer: object, added: AddedToken[] = [token(5, '<s>'), token(6, '</s>')]) =>
  tokenizerJsonSchema.parse({
    added_tokens: added,
    normalizer: null,
    pre_tokenizer,
    post_processor: null,
    decoder: { type: 'Metaspace', replacement: '▁' },
    model: {
      type: 'BPE',
      unk_token: '<unk>',
      vocab: Object.fromEntries(letters.map((letter, id) => [letter, id])),
      merges: [],
    },
  })
const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: false }

describe('PromptEncoder', () => {
  it('writes the first space once where the tokenizer does so', () => {
    for (const pre of [metaspace, { type: 'Sequence', pretokenizers: [metaspace] }]) {
      const encoder = new PromptEncoder(json(pre), {}, '')
      expect(encoder.encode('a<s>b</s>')).toEqual([0, 1, 5, 2, 6])
      expect(encoder.encode('<s>b a')).toEqual([5, 2, 0, 1])
    }
  })

  it('leaves out white space that control tokens swallow', () => {
    const added = [token(5, '<s>', { rstrip: true }), token(6, '</s>', { lstrip: true })]
    const encoder = new PromptEncoder(json(metaspace, added), {}, '')
    expect(encoder.encode('<s> \n a </s> b')).toEqual([5, 1, 6, 0, 2])
  })

  it('reveals hidden text only after it has looked for control tokens', () => {
    const encoder = new PromptEncoder(json(metaspace), {}, '')
    const ids = encoder.encode('<s>X</s>', (text) => text.replace('X', '<s>a'))
    expect(ids.filter((id) => id === 5)).toHaveLength(1)
    expect(ids.slice(-2)).toEqual([1, 6])
  })
})
