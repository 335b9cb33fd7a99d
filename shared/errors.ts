/**
 * Every error that leaves the arena, in one table: its HTTP status, whether the same request may
 * succeed later (`retryable` in the socket ack), and the sentence that a person reads when nothing
 * more precise is known.
 */
export const ERRORS = {
  invalid_input: {
    status: 422,
    retryable: false,
    message: 'Something in this request cannot be used.',
  },
  unknown_event: { status: 400, retryable: false, message: 'The arena knows no such event.' },
  prompt_too_long: {
    status: 413,
    retryable: false,
    message: 'This question is too long. Please shorten it.',
  },
  payload_too_large: {
    status: 413,
    retryable: false,
    message: 'This request is larger than the arena reads.',
  },
  unauthorized: {
    status: 401,
    retryable: false,
    message: 'This needs a valid token: Authorization: Bearer <token>.',
  },
  forbidden: { status: 403, retryable: false, message: 'This is not yours to do.' },
  not_found: { status: 404, retryable: false, message: 'There is nothing here.' },
  battle_not_found: { status: 404, retryable: false, message: 'There is no such battle.' },
  battle_not_votable: {
    status: 409,
    retryable: false,
    message: 'This battle cannot be judged yet: both answers have to be complete.',
  },
  battle_closed: {
    status: 409,
    retryable: false,
    message: 'This battle is over. Start a new one.',
  },
  already_voted: {
    status: 409,
    retryable: false,
    message: 'You have judged this battle already; a vote cannot be changed.',
  },
  conflict: {
    status: 409,
    retryable: false,
    message: 'This does not fit the present state.',
  },
  rate_limited: {
    status: 429,
    retryable: true,
    message: 'That was a lot at once. Please wait a moment and try again.',
  },
  no_models: {
    status: 503,
    retryable: false,
    message: 'No two models are ready to answer. An administrator has to add or enable some.',
  },
  unavailable: {
    status: 503,
    retryable: true,
    message: 'This cannot be answered right now. Please try again in a moment.',
  },
  internal: {
    status: 500,
    retryable: true,
    message: 'Something went wrong in the arena. Please try again.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; message: string }>

export type ErrorCode = keyof typeof ERRORS
export const ERROR_CODES = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]

/** What a failed answer says, in the same words for every cause, so that it names nobody. */
export const ANSWER_FAILED = {
  code: 'unavailable',
  message: 'This model could not answer. Try it again, or replace it.',
  retryable: true,
} as const

/** The `error` of a negative ack. */
export type WireError = {
  code: ErrorCode
  message: string
  retryable: boolean
  details?: Record<string, unknown>
}

/** A failure that a caller is meant to see. Everything else is answered as `internal`. */
export type Failure = {
  readonly code: ErrorCode
  readonly message?: string
  readonly details?: Record<string, unknown>
}

/** Makes a {@link Failure}; without a message the table's sentence is used. */
export function failure(
  code: ErrorCode,
  message?: string,
  details?: Record<string, unknown>,
): Failure {
  return {
    code,
    ...(message === undefined ? {} : { message }),
    ...(details === undefined ? {} : { details }),
  }
}

/** The form in which a failure goes over the socket. */
export function toWireError(cause: Failure): WireError {
  const entry = ERRORS[cause.code]
  return {
    code: cause.code,
    message: cause.message ?? entry.message,
    retryable: entry.retryable,
    ...(cause.details === undefined ? {} : { details: cause.details }),
  }
}

/** RFC 9457 problem details, as HTTP calls answer them (`application/problem+json`). */
export type Problem = {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail: string
  retryable: boolean
  details?: Record<string, unknown>
}

/** The form in which a failure goes over HTTP. */
export function toProblem(cause: Failure): Problem {
  const entry = ERRORS[cause.code]
  return {
    type: 'about:blank',
    title: entry.message,
    status: entry.status,
    code: cause.code,
    detail: cause.message ?? entry.message,
    retryable: entry.retryable,
    ...(cause.details === undefined ? {} : { details: cause.details }),
  }
}
