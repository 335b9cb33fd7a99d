import type { IncomingMessage } from 'node:http'
import { ApiError } from './api-error.ts'

/** Far more than any context holds; larger bodies are turned away unread. */
export const MAX_BODY_BYTES = 1024 * 1024

/**
 * Reads a request's body as JSON. Throws ApiError for one that is too large, of another type, or
 * no JSON. How long a body may take is the server's `requestTimeout`.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']
  // Browsers send other types without asking first; with this, no foreign page can use the models.
  if (type !== undefined && !/^application\/json\b/iu.test(type)) {
    throw new ApiError('unsupported_media_type', 'The body must be application/json.')
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge()
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
    return JSON.parse(text)
  } catch {
    throw new ApiError('invalid_value', 'The body is not valid JSON in UTF-8.')
  }
}

function tooLarge(): ApiError {
  // The rest of the body will not be read, so the connection cannot be used again.
  return new ApiError('request_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`, {
    headers: { connection: 'close' },
  })
}
