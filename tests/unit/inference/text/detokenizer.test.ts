import { Tokenizer } from '@huggingface/tokenizers'
import * as fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Detokenizer } from '../../../../inference/text/detokenizer.ts'
import { type TokenBytes, createTokenBytes } from '../../../../inference/text/token-bytes.ts'
import { tokenizerJsonSchema } from '../../../../inference/text/tokenizer-json.ts'
import { BUNDLED, TINY, goldenContinuations } from '../../../support/inference/models.ts'

function open(folder: string): { tokenizer: Tokenizer; tokens: TokenBytes } {
  const read = (name: string): unknown => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))
  const json = tokenizerJsonSchema.parse(read('tokenizer.json'))
  const tokenizer = new Tokenizer(json, read('tokenizer_config.json'))
  return { tokenizer, tokens: createTokenBytes(json, (id) => tokenizer.id_to_token(id)) }
}

function pieces(tokens: TokenBytes, ids: readonly number[], continuing = false): string[] {
  const detokenizer = new Detokenizer(tokens, continuing)
  return [...ids.map((id) => detokenizer.push(id)), detokenizer.flush()]
}

describe('Detokenizer, byte-level', () => {
  const tiny = open(TINY)

  it('gives back any text, in pieces without broken characters', () => {
    // Some controls have no token in this vocabulary.
    const readable = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\ufffd]/u.test(text))
    fc.assert(
      fc.property(readable, (text) => {
        fc.pre(tiny.tokenizer.encode(text).ids.every(Number.isInteger))
        const parts = pieces(tiny.tokens, tiny.tokenizer.encode(text).ids)
        expect(parts.join('')).toBe(text)
        expect(parts.every((part) => !/[\p{Surrogate}\ufffd]/u.test(part))).toBe(true)
      }),
    )
  })

  it.each(['👩‍👩‍👧‍👦', '👍🏽', 'नमस्ते', '日本語', 'e\u0301', '\ufeffx', '🏳️‍🌈!'])('keeps %s whole', (text) => {
    const ids = tiny.tokenizer.encode(text).ids
    expect(ids.length).toBeGreaterThan(1)
    expect(pieces(tiny.tokens, ids).join('')).toBe(text)
  })

  it('waits for the last byte of a character', () => {
    const parts = pieces(tiny.tokens, tiny.tokenizer.encode('😀').ids)
    expect(parts.filter((part) => part !== '')).toEqual(['😀'])
  })

  it('marks a character that was never completed', () => {
    const [first = -1] = tiny.tokenizer.encode('😀').ids
    expect(pieces(tiny.tokens, [first])).toEqual(['', '\ufffd'])
  })

  it('says nothing for special tokens and unknown ids', () => {
    expect(pieces(tiny.tokens, [0, 1, 2, 3, 511, 512, 99_999]).slice(0, 4)).toEqual([
      '',
      '',
      '',
      '',
    ])
    expect(pieces(tiny.tokens, [512, 99_999])).toEqual(['', '', ''])
  })

  it.each([TINY, BUNDLED])('agrees with the golden texts of %s', (folder) => {
    const { tokens } = folder === TINY ? tiny : open(folder)
    const { prompts } = goldenContinuations(folder)
    expect(prompts.length).toBeGreaterThan(10)
    for (const { output_ids, output_text } of prompts) {
      expect(pieces(tokens, output_ids).join('')).toBe(output_text)
    }
  })
})

describe('Detokenizer, metaspace with byte fallback', () => {
  const spelled = [
    '▁Hello',
    '▁world',
    '<0xF0>',
    '<0x9F>',
    '<0x98>',
    '<0x80>',
    '!',
    '<pad>',
    '<think>',
  ]
  const json = tokenizerJsonSchema.parse({
    model: { vocab: Object.fromEntries(spelled.map((token, id) => [token, id])) },
    added_tokens: [
      { id: 7, content: '<pad>', special: true },
      { id: 8, content: '<think>', special: false },
    ],
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
      ],
    },
  })
  const tokens = createTokenBytes(json, (id) => spelled[id])

  it('drops the space before the first word and keeps the others', () => {
    expect(pieces(tokens, [0, 1, 6])).toEqual(['Hello', ' world', '!', ''])
  })

  it('keeps the first space when it goes on in the middle of a text', () => {
    expect(pieces(tokens, [1, 6], true).join('')).toBe(' world!')
  })

  it('puts characters together from byte tokens', () => {
    expect(pieces(tokens, [6, 2, 3, 4, 5])).toEqual(['!', '', '', '', '😀', ''])
  })

  it('drops special tokens and writes other added ones as they are', () => {
    expect(pieces(tokens, [7, 8, 0]).join('')).toBe('<think> Hello')
  })
})

describe('createTokenBytes', () => {
  it.each([null, { type: 'WordPiece' }, { type: 'Sequence', decoders: [{ type: 'CTC' }] }])(
    'refuses the decoder %j',
    (decoder) => {
      const json = tokenizerJsonSchema.parse({ model: { vocab: {} }, decoder })
      expect(() => createTokenBytes(json, () => undefined)).toThrow(/decoder .* is not supported/u)
    },
  )
})
