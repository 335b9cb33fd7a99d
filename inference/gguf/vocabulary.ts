import { ConversionError } from './conversion-error.ts'
import { type Metadata, shown } from './metadata.ts'

/** The vocabulary of a file: token texts by id, which of them are special, and their roles. */
export interface Vocabulary {
  readonly tokens: readonly string[]
  readonly kinds: readonly TokenKind[]
  readonly roles: Readonly<Partial<Record<Role, number>>>
  /** Tokens of which any ends an answer. */
  readonly endIds: readonly number[]
}

export type TokenKind = 'text' | 'control' | 'added' | 'byte'
export type Role = 'bos' | 'eos' | 'unk' | 'pad'

const KEYS: Readonly<Record<Role, string>> = {
  bos: 'tokenizer.ggml.bos_token_id',
  eos: 'tokenizer.ggml.eos_token_id',
  unk: 'tokenizer.ggml.unknown_token_id',
  pad: 'tokenizer.ggml.padding_token_id',
}
/** Unknown text is a token that nobody may write, as control tokens are. */
const UNKNOWN = 2
const CONTROL = 3
const ADDED = 4
const BYTE = 6
/** End a turn wherever they are control tokens, whatever the file calls its end. */
const TURN_ENDS = ['<|im_end|>', '<|eot_id|>', '<|eom_id|>', '<|end|>', '<end_of_turn>']

/** Reads the vocabulary of a file whose graph knows `size` tokens. Throws a ConversionError. */
export function readVocabulary(metadata: Metadata, size: number): Vocabulary {
  const listed = metadata.texts('tokenizer.ggml.tokens')
  // Some vocabularies have holes.
  const tokens = listed?.map((token, id) => (token === '' ? `[EMPTY_${id}]` : token))
  if (!tokens || tokens.length === 0) throw new ConversionError('the file has no vocabulary')
  if (tokens.length > size) {
    throw new ConversionError(`there are ${tokens.length} tokens, but rows for only ${size}`)
  }
  const seen = new Set<string>()
  for (const token of tokens) {
    if (seen.has(token)) throw new ConversionError(`the token ${shown(token)} is there twice`)
    seen.add(token)
  }
  const types = metadata.numbers('tokenizer.ggml.token_type')
  if (types && types.length !== tokens.length) {
    throw new ConversionError(`there are ${tokens.length} tokens, but ${types.length} token types`)
  }
  const kinds = tokens.map((_, id) => kindOf(types?.[id]))
  const roles: Partial<Record<Role, number>> = {}
  for (const role of ['bos', 'eos', 'unk', 'pad'] as const) {
    const id = metadata.integer(KEYS[role], 0, 2 ** 32)
    // Some files say 2^32 - 1 for "none".
    if (id === undefined || id === 2 ** 32 - 1) continue
    if (id >= tokens.length) {
      throw new ConversionError(
        `${KEYS[role]} is ${id}, but there are only ${tokens.length} tokens`,
      )
    }
    roles[role] = id
  }
  if (roles.eos === undefined) throw new ConversionError(`the metadata key ${KEYS.eos} is missing`)
  const turn = metadata.integer('tokenizer.ggml.eot_token_id', 0, tokens.length - 1)
  const ends = new Set([roles.eos, ...(turn === undefined ? [] : [turn])])
  for (const [id, token] of tokens.entries()) {
    if (kinds[id] === 'control' && TURN_ENDS.includes(token)) ends.add(id)
  }
  return { tokens, kinds, roles, endIds: [...ends] }
}

function kindOf(type: number | undefined): TokenKind {
  if (type === CONTROL || type === UNKNOWN) return 'control'
  if (type === ADDED) return 'added'
  return type === BYTE ? 'byte' : 'text'
}
