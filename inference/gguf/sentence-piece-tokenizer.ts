import { ConversionError } from './conversion-error.ts'
import type { Metadata } from './metadata.ts'
import type { Vocabulary } from './vocabulary.ts'

/** How SentencePiece writes a space. */
const SPACE = '\u2581'
/** Longer tokens would make a merge of every place that they can be cut at. */
const MAX_TOKEN_CHARACTERS = 256

/**
 * The parts of tokenizer.json of a SentencePiece BPE, which merges whichever neighbours make the
 * token of the highest score. Throws a ConversionError where scores are missing.
 */
export function sentencePieceTokenizer(metadata: Metadata, vocabulary: Vocabulary): object {
  const { tokens, roles } = vocabulary
  const scores = metadata.numbers('tokenizer.ggml.scores')
  if (scores?.length !== tokens.length) {
    throw new ConversionError('the file does not have a score for every token')
  }
  const prefixed = metadata.boolean('tokenizer.ggml.add_space_prefix') ?? true
  const spaces = { type: 'Replace', pattern: { String: ' ' }, content: SPACE }
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: prefixed ? [{ type: 'Prepend', prepend: SPACE }, spaces] : [spaces],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: SPACE }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefixed ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: tokens[roles.unk ?? -1] ?? null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: mergesOf(vocabulary, scores),
    },
  }
}

/** Every way to make a token out of two others, those of the highest score first. */
function mergesOf({ tokens, kinds }: Vocabulary, scores: readonly number[]): [string, string][] {
  const ids = new Map<string, number>()
  for (const [id, token] of tokens.entries()) if (kinds[id] === 'text') ids.set(token, id)
  const merges: { pair: [string, string]; score: number }[] = []
  for (const [token, id] of ids) {
    const characters = Array.from(token)
    if (characters.length > MAX_TOKEN_CHARACTERS) continue
    let left = ''
    for (const character of characters.slice(0, -1)) {
      left += character
      const right = token.slice(left.length)
      if (ids.has(left) && ids.has(right)) {
        merges.push({ pair: [left, right], score: scores[id] ?? 0 })
      }
    }
  }
  return merges.toSorted((one, other) => other.score - one.score).map(({ pair }) => pair)
}
