import type { TokenScope } from '../../shared/schemas/system.ts'
import { count, formatDateTime } from './format.ts'

/** The sentences of the console: its frame, the models, one model, the wizard. */
export const adminTexts = {
  title: 'Administration',
  needs: (needed: TokenScope, scope: TokenScope) =>
    `This needs a token of scope “${needed}”; yours is “${scope}”.`,
  forbidden: {
    title: 'Not with this token',
    scopes: {
      admin: 'Scope “admin” may do everything.',
      operator:
        'Scope “operator” may see models, alerts and failures, test models, and pause and resume them.',
      read: 'Scope “read” is for programs that read metrics; it opens no page of the console.',
      judge: 'Scope “judge” is for experts and models that judge; it opens no page of the console.',
    } satisfies Record<TokenScope, string>,
  },
  trouble: {
    noAnswer: 'The arena does not answer. Please try again.',
    cutOff: 'The connection ended before the answer was complete.',
    status: (status: number) => `The arena answered with status ${status}.`,
    stale: (message: string) => `${message} What you see may be old.`,
  },
  toast: {
    label: 'What was done',
    undo: 'Undo',
    canUndo: 'This can be undone.',
    close: 'Close',
  },
  signIn: {
    title: 'Administration',
    lead: 'For those who run this arena.',
    token: 'Token',
    hint: 'It is shown to the arena once and kept nowhere in this browser; a session cookie is.',
    submit: 'Sign in',
    busy: 'Signing in …',
    empty: 'Please enter a token.',
    unknown: 'The arena knows no such token, or it has been revoked.',
    judge: 'Tokens of scope “judge” do not open the console.',
    tooOften: (seconds: number | null) =>
      seconds === null
        ? 'That was tried too often. Please wait a few minutes.'
        : `That was tried too often. The next try is possible in ${
            seconds < 120
              ? count(seconds, 'second', 'seconds')
              : count(Math.ceil(seconds / 60), 'minute', 'minutes')
          }.`,
    done: (actor: string) => `Signed in as ${actor}.`,
    reasons: {
      expired: 'Your session has ended. Sign in again, and go on where you were.',
      'signed-out': 'You are signed out.',
      unreachable: 'The arena did not say whether you are signed in. You can try to sign in.',
    },
    noToken: 'No token?',
    noTokenHelp: 'On the machine of the arena, this makes one and shows it once:',
    command: 'npm run admin -- token create --scope admin --name "Your name"',
  },
  nav: {
    label: 'Administration',
    models: 'Models',
    weights: 'Weights',
    alerts: 'Alerts',
    failures: 'Failures',
    battles: 'Battles',
    exchange: 'Import & export',
    audit: 'Audit log',
    tokens: 'Tokens',
    signOut: 'Sign out',
    expires: (at: string) => `Signed in until ${formatDateTime(at)}`,
    activeAlerts: (alerts: number) =>
      alerts === 1 ? 'alert that nobody has taken up' : 'alerts that nobody has taken up',
  },
} as const
