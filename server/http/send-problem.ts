import type { ServerResponse } from 'node:http'
import { toProblem, type Failure } from '../../shared/errors.ts'

/** Answers with problem details (RFC 9457) where Express has no part. */
export function sendProblem(response: ServerResponse, cause: Failure): void {
  const problem = toProblem(cause)
  response
    .writeHead(problem.status, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Cache-Control': 'no-store',
    })
    .end(JSON.stringify(problem))
}
