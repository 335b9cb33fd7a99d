import { ERRORS, type Failure } from '../../shared/errors.ts'

/** Carries a {@link Failure} to the error middleware, which answers it as problem details. */
export class FailureError extends Error {
  readonly failure: Failure

  constructor(failure: Failure, options: { cause?: unknown } = {}) {
    super(failure.message ?? ERRORS[failure.code].message, options)
    this.name = 'FailureError'
    this.failure = failure
  }
}
