/** Words that callers may rely on to tell errors apart. */
export type ErrorCode =
  | 'invalid_value'
  | 'unsupported_value'
  | 'model_not_found'
  | 'unknown_url'
  | 'method_not_allowed'
  | 'context_length_exceeded'
  | 'request_too_large'
  | 'unsupported_media_type'
  | 'queue_full'
  | 'model_loading'
  | 'insufficient_memory'
  | 'internal_error'

const STATUS: Readonly<Record<ErrorCode, number>> = {
  invalid_value: 400,
  unsupported_value: 400,
  model_not_found: 404,
  unknown_url: 404,
  method_not_allowed: 405,
  context_length_exceeded: 400,
  request_too_large: 413,
  unsupported_media_type: 415,
  queue_full: 429,
  model_loading: 503,
  insufficient_memory: 503,
  internal_error: 500,
}

/** An answer other than success, in OpenAI's form. Its message is meant for the caller. */
export class ApiError extends Error {
  readonly code: ErrorCode
  readonly status: number
  /** The field of the request that is to blame. */
  readonly param: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    message: string,
    {
      param = null,
      headers = {},
    }: { param?: string | null; headers?: Record<string, string> } = {},
  ) {
    super(message)
    this.code = code
    this.status = STATUS[code]
    this.param = param
    this.headers = headers
  }

  /** The body of the answer. */
  toJSON(): { error: { message: string; type: string; param: string | null; code: ErrorCode } } {
    return {
      error: {
        message: this.message,
        type: errorType(this.status),
        param: this.param,
        code: this.code,
      },
    }
  }
}

/** Any error as an ApiError; one that is not says nothing of its cause. */
export function toApiError(error: unknown): ApiError {
  return error instanceof ApiError
    ? error
    : new ApiError('internal_error', 'The server failed to answer.')
}

function errorType(status: number): string {
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
