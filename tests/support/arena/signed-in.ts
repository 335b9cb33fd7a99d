import { ADMIN_TOKEN } from './arena.ts'
import { call, type Answer, type CallOptions } from './outsider.ts'

/** A browser that has signed in, as far as HTTP goes. */
export type SignedIn = {
  readonly cookie: string
  readonly csrfToken: string
  /** A call under `/api/v1/admin`, with the cookie and the CSRF token. */
  readonly admin: (method: string, path: string, body?: unknown) => Promise<Answer>
}

/** What `POST /api/v1/admin/session` answers. */
export function trySignIn(url: string, token: string, more: CallOptions = {}): Promise<Answer> {
  return call(`${url}/api/v1/admin/session`, { method: 'POST', body: { token }, ...more })
}

/** The administrator's cookie that an answer sets, as a browser sends it back. */
export function adminCookieOf({ headers }: Pick<Answer, 'headers'>): string {
  const cookie = headers.getSetCookie().find((each) => each.startsWith('trivium_admin='))
  if (cookie === undefined) throw new Error('no session was opened')
  return cookie.split(';')[0] ?? ''
}

/** Signs in with a token. */
export async function signIn(url: string, token: string = ADMIN_TOKEN): Promise<SignedIn> {
  const answer = await trySignIn(url, token)
  if (answer.status !== 200) throw new Error(answer.text)
  const cookie = adminCookieOf(answer)
  const { csrfToken } = answer.json() as { csrfToken: string }
  return {
    cookie,
    csrfToken,
    admin: (method, path, body) =>
      call(`${url}/api/v1/admin${path}`, {
        method,
        cookie,
        headers: { 'x-csrf-token': csrfToken },
        body,
      }),
  }
}
