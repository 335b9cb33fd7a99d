import type { IncomingMessage } from 'node:http'
import { ApiError } from './api-error.ts'

/** Far more than any context holds. */
export const MAX_BODY_BYTES = 1024 * 1024

/**
 * Reads a request's body as JSON. Throws ApiError for one that is too large, of another type, or
 * no JSON; rejects when the client goes away. How long a body may take is the server's
 * `requestTimeout`.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']
  // Browsers send other types without asking first; with this, no foreign page can use the models.
  if (type !== undefined && !/^application\/json\b/iu.test(type)) {
    throw new ApiError('unsupported_media_type', 'The body must be application/json.')
  }
  const body = await readBody(request)
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return value
  } catch {
    throw new ApiError('invalid_value', 'The body is not valid JSON in UTF-8.')
  }
}

/**
 * With events and not with `for await`, which would destroy the connection on leaving: the answer
 * to a body that is too large is to reach the client. Node reads the rest of it and throws it away.
 */
function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk)
        return
      }
      chunks.length = 0
      reject(new ApiError('request_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`))
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('the client went away')))
  })
}
