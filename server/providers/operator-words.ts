import { withoutKey } from './key-redaction.ts'
import { ProviderError } from './provider.ts'

const MAX_MESSAGE_CHARACTERS = 400
/** How much of a message is looked at; what an error says stands at its start. */
const MAX_READ_CHARACTERS = 64 * 1024

/**
 * A provider's error as operators may read it: some quote the key that they refuse, some send a
 * page, and all of it goes into logs. The key is taken out before the text is cut, so that no
 * part of it stays.
 */
export function forOperators(cause: unknown, apiKey: string | undefined): unknown {
  if (!(cause instanceof ProviderError)) return cause
  const { kind, retryAfterMs, status } = cause
  const said = cause.message.slice(0, MAX_READ_CHARACTERS)
  const message = toOneLine(apiKey === undefined ? said : withoutKey(said, apiKey))
  if (message === cause.message) return cause
  // Of causes, only our own word for an answer that was all thought is free of foreign text.
  const what = cause.cause === 'length' ? { cause: cause.cause } : {}
  return new ProviderError(kind, message, { ...what, retryAfterMs, status })
}

/** One line of bounded length, without control characters. */
function toOneLine(text: string): string {
  return text
    .slice(0, 8 * MAX_MESSAGE_CHARACTERS)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_MESSAGE_CHARACTERS)
}
