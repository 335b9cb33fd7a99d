import type { TokenizerJson } from './tokenizer-json.ts'

/** How the tokens of a vocabulary spell bytes. */
type Spelling = 'byte-level' | 'metaspace'

/** The UTF-8 bytes that a token stands for; tokens that are not text have none. */
export interface TokenBytes {
  readonly spelling: Spelling
  of(id: number): Uint8Array
}

const NO_BYTES = new Uint8Array(0)
const encoder = new TextEncoder()
const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/iu

/**
 * Reads from tokenizer.json how tokens become text. Special tokens give nothing, other added ones
 * their own text. Throws when the decoder is of a kind that is not known here.
 */
export function createTokenBytes(
  json: TokenizerJson,
  spelled: (id: number) => string | undefined,
): TokenBytes {
  const spelling = spellingOf(json.decoder)
  const added = new Map(json.added_tokens.map((token) => [token.id, token]))
  return {
    spelling,
    of(id) {
      const own = added.get(id)
      if (own) return own.special ? NO_BYTES : encoder.encode(own.content)
      const token = spelled(id)
      if (token === undefined) return NO_BYTES
      return spelling === 'byte-level' ? byteLevelBytes(token) : metaspaceBytes(token)
    },
  }
}

function spellingOf(decoder: unknown): Spelling {
  const kinds = kindsOf(decoder)
  if (kinds.includes('ByteLevel')) return 'byte-level'
  if (kinds.includes('Metaspace') || kinds.includes('ByteFallback')) return 'metaspace'
  throw new Error(`the tokenizer's decoder (${kinds.join(', ') || 'none'}) is not supported`)
}

function kindsOf(decoder: unknown): string[] {
  if (typeof decoder !== 'object' || decoder === null) return []
  if ('decoders' in decoder && Array.isArray(decoder.decoders))
    return decoder.decoders.flatMap(kindsOf)
  return 'type' in decoder && typeof decoder.type === 'string' ? [decoder.type] : []
}

function metaspaceBytes(token: string): Uint8Array {
  const byte = BYTE_TOKEN.exec(token)?.[1]
  return byte
    ? Uint8Array.of(Number.parseInt(byte, 16))
    : encoder.encode(token.replaceAll('▁', ' '))
}

function byteLevelBytes(token: string): Uint8Array {
  const bytes: number[] = []
  for (const character of token) {
    const byte = BYTE_OF_CHARACTER.get(character)
    if (byte === undefined) return encoder.encode(token)
    bytes.push(byte)
  }
  return Uint8Array.from(bytes)
}

/** GPT-2's alphabet: printable Latin-1 stands for itself, every other byte for a letter from U+0100 on. */
const BYTE_OF_CHARACTER: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>()
  let next = 0x100
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
    map.set(String.fromCharCode(printable ? byte : next++), byte)
  }
  return map
})()
