import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Logger } from 'pino'
import * as z from 'zod'
import { failure, toProblem, type Failure } from '../../shared/errors.ts'
import { FailureError } from './failure.ts'
import { toInvalidInput } from './issues.ts'

/** Nothing lies at this address. */
export const notFound: RequestHandler = () => {
  throw new FailureError(failure('not_found'))
}

/** Answers every error of a call as problem details (RFC 9457); a bug says nothing of itself. */
export function problems(log: Logger): ErrorRequestHandler {
  return (cause: unknown, request, response, next) => {
    if (response.headersSent) {
      next(cause)
      return
    }
    const problem = toProblem(toFailure(cause))
    if (problem.status >= 500 && !(cause instanceof FailureError)) {
      log.error({ err: cause, method: request.method, path: request.path }, 'a call failed')
    }
    const retryAfterMs = problem.details?.['retryAfterMs']
    if (typeof retryAfterMs === 'number') {
      response.set('Retry-After', String(Math.ceil(retryAfterMs / 1000)))
    }
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer')
    response
      .status(problem.status)
      .set('Cache-Control', 'no-store')
      .type('application/problem+json')
      .send(JSON.stringify(problem))
  }
}

function toFailure(cause: unknown): Failure {
  if (cause instanceof FailureError) return cause.failure
  if (cause instanceof z.ZodError) return toInvalidInput(cause)
  // What the body parser and the router refuse carries a status of its own.
  const { status, type } = (cause ?? {}) as { status?: unknown; type?: unknown }
  if (status === 413) return failure('payload_too_large')
  if (type === 'entity.parse.failed') {
    return failure('invalid_input', 'The body is not valid JSON.', { field: 'body' })
  }
  if (typeof status === 'number' && status >= 400 && status < 500) return failure('invalid_input')
  return failure('internal')
}
