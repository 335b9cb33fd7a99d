import type { ServerResponse } from 'node:http'
import type { ApiError } from './api-error.ts'

/** Answers with JSON, unless an answer has begun already or nobody listens any more. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(response, status, JSON.stringify(body), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  })
}

/** Answers with text of a type, under the same conditions. */
export function sendText(response: ServerResponse, type: string, body: string): void {
  send(response, 200, body, { 'content-type': type })
}

/** Answers with an error in OpenAI's form. */
export function sendError(response: ServerResponse, error: ApiError): void {
  sendJson(response, error.status, error.toJSON(), error.headers)
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  if (response.headersSent || response.destroyed) return
  const bytes = Buffer.from(body)
  response.writeHead(status, { 'content-length': bytes.length, ...headers })
  response.end(bytes)
}
