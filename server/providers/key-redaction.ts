const PLACEHOLDER = '[key]'
/** Shorter pieces of a key are words like any other. */
const TELLING_LENGTH = 8
/** Of a masked key (`sk-ab…yz`), how many characters of its ends tell that it is one. */
const TELLING_END = 3

/**
 * A text without a key: neither whole nor in pieces, as it is or escaped for an address or for
 * JSON, in base64, nor as providers mask it, with stars between its ends.
 */
export function withoutKey(text: string, key: string): string {
  return withoutEscaped(withoutParts(text, encodingsOf(key)), key)
}

/** How a key looks inside something in base64, wherever it stands there. */
function encodingsOf(key: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(key)])
    return (['base64', 'base64url'] as const).map((alphabet) => {
      const encoded = bytes.toString(alphabet).replace(/=+$/, '')
      // The characters at its ends hold bits of what stands beside it.
      return encoded.slice(shift === 0 ? 0 : shift + 1, bytes.length % 3 === 0 ? undefined : -1)
    })
  })
}

function withoutEscaped(text: string, key: string): string {
  const plain = withoutPieces(text, key)
  // An escape inside a key cuts it into short pieces: what they spell is looked at as well.
  const decoded = unescaped(text)
  if (decoded === text) return plain
  const cleaned = withoutPieces(decoded, key)
  return cleaned === decoded ? plain : cleaned
}

function withoutPieces(text: string, key: string): string {
  const whole = key.length < TELLING_LENGTH ? text.replaceAll(key, PLACEHOLDER) : text
  return withoutMasked(withoutParts(whole, [key]), key)
}

/** Takes out every run of characters that stands in one of these as well. */
function withoutParts(text: string, keys: readonly string[]): string {
  const parts = new Set<string>()
  for (const key of keys) {
    for (let at = 0; at + TELLING_LENGTH <= key.length; at += 1) {
      parts.add(key.slice(at, at + TELLING_LENGTH))
    }
  }
  if (parts.size === 0) return text
  let result = ''
  let kept = 0
  let at = 0
  while (at + TELLING_LENGTH <= text.length) {
    if (!parts.has(text.slice(at, at + TELLING_LENGTH))) {
      at += 1
      continue
    }
    let end = at + TELLING_LENGTH
    while (end < text.length && parts.has(text.slice(end - TELLING_LENGTH + 1, end + 1))) end += 1
    result += text.slice(kept, at) + PLACEHOLDER
    kept = end
    at = end
  }
  return result + text.slice(kept)
}

function withoutMasked(text: string, key: string): string {
  return text.replaceAll(/\S+/g, (word) => {
    const pieces = word.split(/[*•]{3,}|\.{3,}|…/)
    const isMasked =
      pieces.slice(0, -1).some((piece) => endsWithStartOf(piece, key)) ||
      pieces.slice(1).some((piece) => startsWithEndOf(piece, key))
    return isMasked ? PLACEHOLDER : word
  })
}

function endsWithStartOf(piece: string, key: string): boolean {
  return lengthsOf(key).some((length) => piece.endsWith(key.slice(0, length)))
}

function startsWithEndOf(piece: string, key: string): boolean {
  return lengthsOf(key).some((length) => piece.startsWith(key.slice(-length)))
}

/** The lengths of a key's ends that are shown beside a mask; longer ones are pieces of it. */
function lengthsOf(key: string): readonly number[] {
  const longest = Math.min(key.length, TELLING_LENGTH)
  return Array.from(
    { length: Math.max(0, longest + 1 - TELLING_END) },
    (_, index) => index + TELLING_END,
  )
}

/** The text with the escapes of addresses and of JSON undone, where they stand for ASCII. */
function unescaped(text: string): string {
  return text
    .replaceAll(/\\u00([0-7][0-9a-f])|%(?:25)*([2-7][0-9a-f])/gi, (_, json, url) =>
      String.fromCodePoint(Number.parseInt(String(json ?? url), 16)),
    )
    .replaceAll(/\\(["\\/])/g, '$1')
}
