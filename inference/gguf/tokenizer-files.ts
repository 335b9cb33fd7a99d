import { byteLevelTokenizer } from './byte-level-tokenizer.ts'
import { ConversionError } from './conversion-error.ts'
import { type Metadata, shown } from './metadata.ts'
import { sentencePieceTokenizer } from './sentence-piece-tokenizer.ts'
import type { Role, Vocabulary } from './vocabulary.ts'

/** Byte-level vocabularies whose prompts begin with a token of their own unless the file denies it. */
const BEGINNING = ['llama-bpe', 'llama3', 'llama-v3', 'tekken']

/** What the files of a tokenizer hold. */
export interface TokenizerFiles {
  readonly 'tokenizer.json': object
  readonly 'tokenizer_config.json': object
  readonly 'special_tokens_map.json': object
}

/**
 * The tokenizer of a file in the layout of Hugging Face. Throws a ConversionError for kinds that
 * are not known here and where the chat template is missing.
 */
export function tokenizerFiles(
  metadata: Metadata,
  vocabulary: Vocabulary,
  contextLength: number,
  note: (text: string) => void,
): TokenizerFiles {
  const { make, className, begins } = kindOf(metadata)
  const { tokens, kinds } = vocabulary
  const added = tokens.flatMap((content, id) => {
    const isControl = kinds[id] === 'control'
    return isControl || kinds[id] === 'added' ? [{ id, ...flags(content), special: isControl }] : []
  })
  const roles = roleTokens(vocabulary)
  const turns = added
    .filter(({ content }) => content === '<|im_start|>' || content === '<|im_end|>')
    .map(({ content }) => content)
  return {
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: added.map(
        ({ id, content, single_word, lstrip, rstrip, normalized, special }) => ({
          id,
          content,
          single_word,
          lstrip,
          rstrip,
          normalized,
          special,
        }),
      ),
      ...make(metadata, vocabulary),
    },
    'tokenizer_config.json': {
      add_bos_token: false,
      add_prefix_space: false,
      added_tokens_decoder: Object.fromEntries(added.map(({ id, ...rest }) => [id, rest])),
      additional_special_tokens: turns,
      ...roles,
      chat_template: chatTemplate(metadata, vocabulary, begins, note),
      clean_up_tokenization_spaces: false,
      model_max_length: contextLength,
      tokenizer_class: className,
      vocab_size: tokens.length,
    },
    'special_tokens_map.json': {
      additional_special_tokens: turns,
      ...Object.fromEntries(Object.entries(roles).map(([role, token]) => [role, flags(token)])),
    },
  }
}

/** How to write the tokenizer, the name of its class, and whether prompts begin with a token by default. */
function kindOf(metadata: Metadata) {
  const kind = metadata.text('tokenizer.ggml.model') ?? 'none'
  const pre = metadata.text('tokenizer.ggml.pre') ?? ''
  if (kind === 'gpt2') {
    const begins = BEGINNING.includes(pre)
    return { make: byteLevelTokenizer, className: 'GPT2Tokenizer', begins }
  }
  if (kind === 'llama') {
    return { make: sentencePieceTokenizer, className: 'LlamaTokenizer', begins: true }
  }
  throw new ConversionError(
    `the tokenizer ${shown(kind)} is not supported, only byte-level BPE ("gpt2") and SentencePiece ("llama")`,
  )
}

/** The way of a token that is found in text as it stands. */
function flags(content: string) {
  return { content, lstrip: false, normalized: false, rstrip: false, single_word: false }
}

function roleTokens({ roles, tokens }: Vocabulary): Record<string, string> {
  const named: Record<string, string> = {}
  for (const role of ['bos', 'eos', 'unk', 'pad'] satisfies Role[]) {
    const token = tokens[roles[role] ?? -1]
    if (token !== undefined) named[`${role}_token`] = token
  }
  return named
}

/**
 * The chat template, which begins with the token of the beginning where the file asks for one that
 * the template does not write itself: the inference adds nothing to what a template writes.
 */
function chatTemplate(
  metadata: Metadata,
  { roles, tokens }: Vocabulary,
  begins: boolean,
  note: (text: string) => void,
): string {
  const template = metadata.text('tokenizer.chat_template')
  if (template === undefined || template.trim() === '') {
    throw new ConversionError(
      'the file has no chat template (tokenizer.chat_template): it is not a model for conversations',
    )
  }
  const begin = tokens[roles.bos ?? -1]
  const asked = metadata.boolean('tokenizer.ggml.add_bos_token') ?? begins
  if (!asked || begin === undefined) return template
  if (template.includes('bos_token') || template.includes(begin)) return template
  note(`the chat template now begins with ${shown(begin)}, as the file asks (add_bos_token)`)
  return `{{- bos_token }}${template}`
}
