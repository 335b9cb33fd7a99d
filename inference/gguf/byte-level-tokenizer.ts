import { ConversionError } from './conversion-error.ts'
import { type Metadata, shown } from './metadata.ts'
import { preTokenizer } from './pre-tokenizers.ts'
import type { Vocabulary } from './vocabulary.ts'

/** The parts of tokenizer.json of a byte-level BPE. Throws a ConversionError for broken merges. */
export function byteLevelTokenizer(metadata: Metadata, { tokens }: Vocabulary): object {
  const merges = metadata.texts('tokenizer.ggml.merges')
  if (!merges) throw new ConversionError('the metadata key tokenizer.ggml.merges is missing')
  const vocab = new Map(tokens.map((token, id) => [token, id]))
  for (const merge of merges) {
    const [left, right, ...more] = merge.split(' ')
    if (left && right && more.length === 0 && vocab.has(left) && vocab.has(right)) continue
    throw new ConversionError(`the merge ${shown(merge)} is not of two tokens`)
  }
  const { patterns, wholeWords, composed } = preTokenizer(
    metadata.text('tokenizer.ggml.pre') ?? 'default',
  )
  const cuts = patterns.map((pattern) => ({
    type: 'Split',
    pattern: { Regex: pattern },
    behavior: 'Isolated',
    invert: false,
  }))
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
  return {
    normalizer: composed ? { type: 'NFC' } : null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [...cuts, bytes] },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: wholeWords,
      vocab: Object.fromEntries(vocab),
      merges,
    },
  }
}
