import type { CheckResult, ModelStatus } from '../../shared/schemas/model.ts'
import type { TokenScope } from '../../shared/schemas/system.ts'
import { count, formatDateTime, formatWhole } from './format.ts'

const statuses: Readonly<Record<ModelStatus, string>> = {
  ready: 'ready',
  paused: 'paused',
  failing: 'failing',
  'on-trial': 'on trial',
  limited: 'limited',
  cooling: 'cooling',
  'not-running': 'not running',
  unweighted: 'unweighted',
  retired: 'retired',
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`

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
  cancel: 'Cancel',
  statuses,

  models: {
    title: 'Models',
    filters: 'Which models are shown',
    search: 'Search models',
    allOrganizations: 'All organisations',
    showRetired: 'Retired too',
    sortBy: 'Sort by',
    sortedBy: (column: string) => `By ${column.charAt(0).toLowerCase()}${column.slice(1)}`,
    turnOrder: 'Turn the order round',
    roomy: 'Roomy lines',
    add: 'Add a model',
    testAll: 'Test all',
    testAllTitle: 'Asks every model for a few words, four at a time',
    stopTests: (done: number, all: number) => `Tested ${done} of ${all} · stop`,
    empty: 'No models yet. Add one, or import a file.',
    few: {
      title: (drawable: number) =>
        drawable === 0
          ? 'No battle can start: no model can be drawn now.'
          : 'No battle can start: only one model can be drawn now, and a battle needs two.',
      help: 'Add a model, resume one that is paused, give one a weight above 0 under Weights, or see under Failures why others do not answer.',
    },
    probeFailed: 'last probe failed',
    noneLeft: 'No model is like that.',
    clearFilters: 'Show all',
    columns: {
      status: 'Status',
      statusTitle: 'The worst first',
      name: 'Model',
      organization: 'Organisation',
      firstToken: 'First token, s',
      firstTokenTitle: 'Seconds to the first token: the median, and what one in ten exceeds',
      speed: 'Tok/s',
      speedTitle: 'Tokens a second from the first token on, the median',
      errors: 'Failed, 24 h',
      errorsTitle: 'The share of answers of the last 24 hours that failed',
      answers: 'Answers',
      answersTitle: 'Answers hour by hour; those that failed stand at the bottom',
      firstTokenHours: 'Wait',
      firstTokenHoursTitle: 'The median wait for the first token, hour by hour',
      costToday: 'Today',
      costTotal: 'In all',
      tokensToday: 'Tokens',
      tokensTitle: 'Tokens since midnight UTC, in and out',
      weight: 'Weight',
      weightTitle: 'How readily it is drawn; shares of battles do not follow it alone',
      version: 'Ver.',
      lastAnswer: 'Last',
      acts: 'Test, pause',
    },
    labels: {
      status: 'Status',
      name: 'Model',
      organization: 'Organisation',
      'first-token': 'First token, s',
      speed: 'Tokens/s',
      errors: 'Failed, 24 h',
      answers: 'Answers, 24 h',
      slowest: 'Wait, 24 h',
      'cost-today': 'Cost today',
      cost: 'Cost in all',
      tokens: 'Tokens today',
      weight: 'Weight',
      version: 'Version',
      last: 'Last answer',
    },
    summary: {
      costToday: 'Today',
      costTotal: 'In all',
      tokensToday: 'Tokens today',
      answers: 'Answers, 24 h',
      failed: 'Failed',
      inFlight: 'Being written',
    },
    errorsOf: (failures: number, asked: number) =>
      `${formatWhole(failures)} of ${count(asked, 'answer', 'answers')} failed`,
    answersSpark: (answers: number, failures: number, top: number) =>
      answers + failures === 0
        ? 'No answers in the last 24 hours'
        : `Last 24 hours: ${count(answers, 'answer', 'answers')}, ${formatWhole(failures)} failed; at most ${formatWhole(top)} an hour`,
    firstTokenSpark: (range: { low: number; high: number } | null) =>
      range === null
        ? 'No first tokens in the last 24 hours'
        : `Median wait for the first token by the hour: from ${seconds(range.low)} to ${seconds(range.high)}`,
    testing: 'testing …',
    testOk: (inSeconds: string | null) => (inSeconds === null ? 'answers' : `ok ${inSeconds} s`),
    testFailed: 'failed',
    tested: (name: string, result: CheckResult) =>
      result.ok ? `${name} answers.` : `${name} failed its test: ${result.error ?? ''}`,
    testedAll: (done: number, failed: number) =>
      `Tested ${count(done, 'model', 'models')}: ${failed === 0 ? 'all answer' : `${formatWhole(failed)} failed`}.`,
    paused: (name: string) => `${name} is paused.`,
    resumed: (name: string) => `${name} takes part again.`,
  },
  acts: {
    test: (name: string) => `Test ${name}`,
    testTitle: 'Test now',
    pause: (name: string) => `Pause ${name}`,
    pauseTitle: 'Pause …',
    resume: (name: string) => `Resume ${name}`,
    resumeTitle: 'Resume',
  },
  pause: {
    title: (name: string) => `Pause ${name}?`,
    lead: 'It is not drawn until somebody resumes it. Battles under way go on.',
    reason: 'Reason, for the other administrators (optional)',
    submit: 'Pause',
  },
  model: {
    back: 'All models',
    missing: (slug: string) => `There is no model “${slug}”.`,
    version: (version: number) => `Version ${version}`,
    retire: 'Retire …',
    publicPage: 'Its public page',
    failures: 'Its failures',
    battles: 'Its battles',
    audit: 'What was done to it',
    health: {
      title: 'Health',
      breaker: 'Breaker',
      breakers: {
        closed: 'closed: it is drawn',
        open: 'open: it is not drawn',
        'half-open': 'half open: one answer at a time',
      },
      nextProbe: 'asked again at',
      inARow: 'Failures in a row',
      lastAnswer: 'Last answer',
      lastProbe: 'Last probe',
      lastError: 'Last error',
      probeOk: (inSeconds: string | null) =>
        inSeconds === null ? 'answered' : `answered in ${inSeconds} s`,
      probeFailed: (error: string) => `failed: ${error}`,
      retired: (at: string, reason: string | null) =>
        `Retired ${at}${reason === null ? ', with no reason given' : `: ${reason}`}`,
    },
    activity: {
      title: 'Last 24 hours',
      answersByHour: 'Answers by the hour, failed ones below',
      waitByHour: 'Median wait by the hour',
      answers: 'Answers',
      failed: 'Failed',
      firstToken: 'First token',
      percentiles: ([p50 = '', p90 = '', p99 = '']: readonly string[]) =>
        `median ${p50} s, 90 % within ${p90} s, 99 % within ${p99} s`,
      speed: 'Tokens a second',
      speeds: ([p50 = '', p10 = '', p1 = '']: readonly string[]) =>
        `median ${p50}, slowest tenth below ${p10}, slowest hundredth below ${p1}`,
      inFlight: 'Being written',
      tokensToday: 'Tokens today',
      costToday: 'Cost today',
      costTotal: 'Cost in all',
      of: (limit: string) => ` of at most ${limit}`,
    },
    versions: {
      title: 'Versions',
      span: (from: string, until: string | null) =>
        until === null ? `since ${from}` : `${from} – ${until}`,
      votes: (votes: number) => ` · ${count(votes, 'vote', 'votes')}`,
      by: (actor: string) => ` · by ${actor}`,
      nothing: 'nothing',
    },
    retiring: {
      title: (name: string) => `Retire ${name}?`,
      lead: 'It is never drawn again, and this cannot be undone. Its page, votes and ratings stay public, with the reason.',
      reason: 'Reason, for everybody (optional)',
      confirm: (slug: string) => `Type ${slug} to confirm`,
      mismatch: (slug: string) => `This is not its slug: ${slug}.`,
      submit: 'Retire for ever',
      done: (name: string) => `${name} is retired.`,
    },
  },
} as const
