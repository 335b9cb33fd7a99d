import type { ServerResponse } from 'node:http'
import type { ApiError } from './api-error.ts'

/** Answers with JSON, unless an answer has begun already or nobody listens any more. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...headers,
  })
  response.end(bytes)
}

/** Answers with an error in OpenAI's form. */
export function sendError(response: ServerResponse, error: ApiError): void {
  sendJson(response, error.status, error.toJSON(), error.headers)
}
