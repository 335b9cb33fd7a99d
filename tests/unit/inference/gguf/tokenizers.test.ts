import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Tokenizer } from '@huggingface/tokenizers'
import { describe, expect, it } from 'vitest'
import { convertGguf } from '../../../../inference/gguf/convert.ts'
import { preTokenizer } from '../../../../inference/gguf/pre-tokenizers.ts'
import { sentencePieceTokenizer } from '../../../../inference/gguf/sentence-piece-tokenizer.ts'
import type { Metadata } from '../../../../inference/gguf/metadata.ts'
import type { TokenKind } from '../../../../inference/gguf/vocabulary.ts'
import { mulberry32 } from '../../../../shared/ratings/random.ts'
import { type Field, encodeGguf } from '../../../support/gguf/encode-gguf.ts'
import { tinyLlama } from '../../../support/gguf/tiny-llama.ts'
import { loadForTest, temporaryDirectory } from '../../../support/inference/models.ts'

/** Cuts a text at every match of each pattern in turn. */
function cut(name: string, text: string): string[] {
  let pieces = [text]
  for (const pattern of preTokenizer(name).patterns) {
    const cutter = new RegExp(`(${pattern})`, 'gu')
    pieces = pieces.flatMap((piece) => piece.split(cutter).filter((part) => part !== ''))
  }
  return pieces
}

describe('pre-tokenizers', () => {
  it.each([
    ['gpt-2', ['I', "'ll", ' pay', ' 12345', ' $', ' for', ' CAFÉ', "'", 'S', '\n\n ', ' x', ' ']],
    [
      'smollm',
      [
        'I',
        "'ll",
        ' pay',
        ' ',
        '1',
        '2',
        '3',
        '4',
        '5',
        ' $',
        ' for',
        ' CAFÉ',
        "'",
        'S',
        '\n\n ',
        ' x',
        ' ',
      ],
    ],
    [
      'llama-bpe',
      ['I', "'ll", ' pay', ' ', '123', '45', ' $', ' for', ' CAFÉ', "'S", '\n\n', ' ', ' x', ' '],
    ],
    [
      'qwen2',
      [
        'I',
        "'ll",
        ' pay',
        ' ',
        '1',
        '2',
        '3',
        '4',
        '5',
        ' $',
        ' for',
        ' CAFÉ',
        "'S",
        '\n\n',
        ' ',
        ' x',
        ' ',
      ],
    ],
    [
      'tekken',
      [
        'I',
        "'ll",
        ' pay',
        ' ',
        '1',
        '2',
        '3',
        '4',
        '5',
        ' $',
        ' for',
        ' CAFÉ',
        "'S",
        '\n\n',
        ' ',
        ' x',
        ' ',
      ],
    ],
    [
      'default',
      [
        'I',
        "'",
        'll',
        ' pay',
        ' ',
        '123',
        '45',
        ' ',
        '$',
        ' for',
        ' CAFÉ',
        "'",
        'S',
        '\n\n ',
        ' x',
        ' ',
      ],
    ],
  ])('%s cuts text as its tokenizer does', (name, pieces) => {
    expect(cut(name, "I'll pay 12345 $ for CAFÉ'S\n\n  x ")).toEqual(pieces)
  })

  it('keep words in mixed case apart only where that is their way', () => {
    expect(cut('tekken', 'camelCase')).toEqual(['camel', 'Case'])
    expect(cut('llama-bpe', 'camelCase')).toEqual(['camelCase'])
  })

  it('do not take names of objects for their own', () => {
    expect(() => preTokenizer('constructor')).toThrow('"constructor" is not known')
  })
})

const LETTERS = Array.from('▁abcdeé')
const SPM_TOKENS: readonly (readonly [string, number, TokenKind])[] = [
  ['<unk>', 0, 'control'],
  ['<s>', 0, 'control'],
  ['</s>', 0, 'control'],
  ...Array.from(
    { length: 256 },
    (_, byte) => [`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`, 0, 'byte'] as const,
  ),
  ...LETTERS.map((token, index) => [token, -100 - index, 'text'] as const),
  ...['ab', 'bc', '▁a', 'abc', 'cd', 'de', 'cde', '▁abc', 'aa', 'aaaa', 'éa', 'e▁', 'd▁a'].map(
    (token, index) => [token, -index, 'text'] as const,
  ),
]

/** Merges the two neighbours whose token has the highest score, the first of them, until none is left. */
function greedyPieces(text: string): string[] {
  const scores = new Map(
    SPM_TOKENS.flatMap(([token, score, kind]) => (kind === 'text' ? [[token, score]] : [])),
  )
  const pieces = Array.from(`▁${text.replaceAll(' ', '▁')}`)
  for (;;) {
    let best = -1
    let highest = -Infinity
    for (let at = 0; at + 1 < pieces.length; at++) {
      const score = scores.get(`${pieces[at]}${pieces[at + 1]}`) ?? -Infinity
      if (score > highest) [best, highest] = [at, score]
    }
    if (best < 0) break
    pieces.splice(best, 2, `${pieces[best]}${pieces[best + 1]}`)
  }
  return pieces.flatMap((piece) =>
    scores.has(piece)
      ? [piece]
      : [...Buffer.from(piece)].map((byte) => SPM_TOKENS[byte + 3]?.[0] ?? ''),
  )
}

describe('SentencePiece', () => {
  it('becomes merges that lead to the same tokens', () => {
    const metadata = {
      numbers: () => SPM_TOKENS.map(([, score]) => score),
      boolean: () => undefined,
    }
    const files = sentencePieceTokenizer(metadata as unknown as Metadata, {
      tokens: SPM_TOKENS.map(([token]) => token),
      kinds: SPM_TOKENS.map(([, , kind]) => kind),
      roles: { unk: 0 },
      endIds: [2],
    })
    const tokenizer = new Tokenizer({ ...files, added_tokens: [] }, {})
    const random = mulberry32(5)
    const alphabet = Array.from('aabbccddee  éxß')
    for (let round = 0; round < 300; round++) {
      const length = 1 + Math.floor(random() * 20)
      const text = Array.from(
        { length },
        () => alphabet[Math.floor(random() * alphabet.length)],
      ).join('')
      expect([text, tokenizer.encode(text, { add_special_tokens: false }).tokens]).toEqual([
        text,
        greedyPieces(text),
      ])
    }
  })

  it('loads, begins prompts as it should and gives text back', async () => {
    const TEMPLATE = '{% for m in messages %}[{{ m.content }}]{% endfor %}'
    const fields: Field[] = [
      ['tokenizer.ggml.model', 'text', 'llama'],
      ['tokenizer.ggml.tokens', 'texts', SPM_TOKENS.slice(0, 264).map(([token]) => token)],
      ['tokenizer.ggml.scores', 'f32s', SPM_TOKENS.slice(0, 264).map(([, score]) => score)],
      [
        'tokenizer.ggml.token_type',
        'i32s',
        SPM_TOKENS.slice(0, 264).map(([, , kind], id) =>
          id === 0 ? 2 : { control: 3, byte: 6, text: 1, added: 4 }[kind],
        ),
      ],
      ['tokenizer.ggml.unknown_token_id', 'u32', 0],
      ['tokenizer.chat_template', 'text', TEMPLATE],
    ]
    const directory = await temporaryDirectory()
    const file = join(directory, 'spm.gguf')
    await writeFile(file, encodeGguf(tinyLlama({ type: 'Q4_0', fields }).file))
    const folder = join(directory, 'spm')
    const { notes } = await convertGguf({ file, folder })
    expect(notes).toEqual([
      'the chat template now begins with "<s>", as the file asks (add_bos_token)',
    ])
    const { template, tokens } = await loadForTest(folder)
    const ids = template.encode([{ role: 'user', content: 'abc\n<s>' }], 'answer')
    expect(ids[0]).toBe(1)
    // What a visitor writes never becomes a control token.
    expect(ids.lastIndexOf(1)).toBe(0)
    const text = Buffer.concat(ids.map((id) => tokens.of(id))).toString()
    expect(text).toBe(' [abc\n<s>]')
  })

  it('needs a score for every token', async () => {
    const directory = await temporaryDirectory()
    const file = join(directory, 'spm.gguf')
    const fields: Field[] = [['tokenizer.ggml.model', 'text', 'llama']]
    await writeFile(file, encodeGguf(tinyLlama({ type: 'Q4_0', fields }).file))
    await expect(convertGguf({ file, folder: join(directory, 'x') })).rejects.toThrow('score')
  })
})
