import type { Problem } from '../../shared/errors.ts'
import { err, ok } from '../../shared/result.ts'
import type { RequestError } from '../arena/connection.ts'
import { adminTexts } from '../texts/en-admin.ts'
import { readJsonLines } from './json-lines.ts'

/** One field that cannot be used, by its path in the request, and why, in words. */
export type FieldError = { readonly field: string; readonly message: string }

/** Why a call of the console was not answered as wished, in words. */
export type ApiError = RequestError & {
  /** 0 where nothing was answered at all. */
  status: number
  /** The field of the request that cannot be used: `provider.baseUrl`. */
  field?: string
  /** All of them, each with what is wrong with it, where the arena tells more than one thing. */
  fields?: readonly FieldError[]
  /** After a refusal for asking too often: when to come back. */
  retryAfterSeconds?: number
}
export type Answer<T> = { ok: true; value: T } | { ok: false; error: ApiError }

/** The calls of the console. Paths begin below `/api/v1/admin`; nothing here throws. */
export type AdminApi = {
  readonly get: <T>(path: string, signal?: AbortSignal) => Promise<Answer<T>>
  /** A file, as it is. */
  readonly text: (path: string) => Promise<Answer<string>>
  readonly post: <T>(path: string, body?: unknown) => Promise<Answer<T>>
  readonly patch: <T>(path: string, body: unknown) => Promise<Answer<T>>
  readonly remove: <T = undefined>(path: string, body?: unknown) => Promise<Answer<T>>
  /** A call that answers with JSON lines, each handed on as it comes. Ends with the last one. */
  readonly stream: (
    path: string,
    body: unknown,
    onLine: (line: unknown) => void,
    signal?: AbortSignal,
  ) => Promise<Answer<undefined>>
}

/** The console's side of the arena: its calls, and who they are made for. */
export type AdminClient = {
  readonly api: AdminApi
  /** Sends this session's token with every change from now on; undefined: nobody is signed in. */
  readonly authorize: (csrfToken: string | undefined) => void
  /** Calls back when the arena no longer knows who is calling. Returns what ends that. */
  readonly onSignedOut: (listener: () => void) => () => void
}

export const ADMIN_BASE = '/api/v1/admin'

export function createAdminClient(deps: { readonly fetch: typeof fetch }): AdminClient {
  let csrf: string | undefined
  const listeners = new Set<() => void>()

  /** Sends a call and tells apart what is an answer and what is a refusal. */
  const send = async (
    method: string,
    path: string,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<Answer<Response>> => {
    try {
      const response = await deps.fetch(ADMIN_BASE + path, {
        method,
        credentials: 'same-origin',
        headers: {
          accept: 'application/json, application/jsonl, application/problem+json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(method === 'GET' || csrf === undefined ? {} : { 'x-csrf-token': csrf }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
      if (response.ok) return ok(response)
      const error = await toApiError(response)
      // Only one who was signed in can be signed out.
      if (response.status === 401 && csrf !== undefined) {
        for (const listener of listeners) listener()
      }
      return err(error)
    } catch {
      return err(NO_ANSWER)
    }
  }

  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<Answer<T>> => {
    const sent = await send(method, path, body, signal)
    if (!sent.ok) return sent
    if (sent.value.status === 204) return ok(undefined as T)
    try {
      return ok((await sent.value.json()) as T)
    } catch {
      return err(NO_ANSWER)
    }
  }

  const api: AdminApi = {
    get: (path, signal) => call('GET', path, undefined, signal),
    async text(path) {
      const sent = await send('GET', path, undefined)
      if (!sent.ok) return sent
      try {
        return ok(await sent.value.text())
      } catch {
        return err({ ...NO_ANSWER, message: adminTexts.trouble.cutOff })
      }
    },
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    remove: (path, body) => call('DELETE', path, body),
    async stream(path, body, onLine, signal) {
      const sent = await send('POST', path, body, signal)
      if (!sent.ok) return sent
      try {
        await readJsonLines(sent.value.body, onLine)
        return ok(undefined)
      } catch {
        return err({ ...NO_ANSWER, message: adminTexts.trouble.cutOff })
      }
    },
  }
  return {
    api,
    authorize(csrfToken) {
      csrf = csrfToken
    },
    onSignedOut(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const NO_ANSWER: ApiError = {
  code: 'connection_lost',
  status: 0,
  retryable: true,
  message: adminTexts.trouble.noAnswer,
}

/** Problem details as the console tells them. Whatever answers otherwise is named by its status. */
export async function toApiError(response: Response): Promise<ApiError> {
  const problem = await readProblem(response)
  const field = problem?.details?.['field']
  const fields = readFields(problem?.details?.['fields'])
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return {
    code: problem?.code ?? 'internal',
    status: response.status,
    retryable: problem?.retryable ?? response.status >= 500,
    message: problem?.detail ?? problem?.title ?? adminTexts.trouble.status(response.status),
    ...(typeof field === 'string' ? { field } : {}),
    ...(fields.length > 0 ? { fields } : {}),
    ...(Number.isFinite(seconds) ? { retryAfterSeconds: seconds } : {}),
  }
}

function readFields(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((each: Partial<FieldError> | null) =>
    typeof each?.field === 'string' && typeof each.message === 'string'
      ? [{ field: each.field, message: each.message }]
      : [],
  )
}

async function readProblem(response: Response): Promise<Partial<Problem> | null> {
  try {
    return (await response.json()) as Partial<Problem> | null
  } catch {
    return null
  }
}
