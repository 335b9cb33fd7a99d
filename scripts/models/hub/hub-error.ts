import { visible } from '../format.ts'

/** Says in one sentence what an answer of the hub that is none means for whoever asked. */
export function answerProblem(response: Response, what: string, hasToken: boolean): Error {
  const { status } = response
  const why =
    status === 401 || status === 403
      ? hasToken
        ? 'the token in HF_TOKEN may not read it: accept the terms of the model on its page, or take another token'
        : 'it does not exist, or is private or gated: set HF_TOKEN to a token that may read it'
      : status === 404
        ? 'there is no such model, revision or file'
        : status === 429
          ? 'the hub asks to slow down: try again in a few minutes, or set HF_TOKEN'
          : `the hub answered ${status}: try again later`
  return new Error(`${what}: ${why}`)
}

/** Says in one sentence why the hub cannot be asked at all. */
export function unreachable(endpoint: string, cause: unknown): Error {
  return new Error(
    `${endpoint} cannot be reached (${reasonOf(cause)}): set HF_ENDPOINT to a mirror that can, or download the folder elsewhere and add it by its path`,
    { cause },
  )
}

/** What lies under the "fetch failed" that every failure is called. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return visible(String(cause))
  if (cause.cause !== undefined) return reasonOf(cause.cause)
  return visible(cause.message === '' && 'code' in cause ? String(cause.code) : cause.message)
}
