import type { AlertKind, ImportFormat } from '../../shared/schemas/admin.ts'
import { FAILURE_KINDS, type FailureKind } from '../../shared/failure-kinds.ts'
import type { ModelStatus } from '../../shared/schemas/model.ts'
import type { TokenScope } from '../../shared/schemas/system.ts'
import type { Side } from '../../shared/verdicts.ts'
import { count, formatLanguage, formatWhole } from './format.ts'

const LOCALE = 'en'
const fineShare = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  maximumSignificantDigits: 2,
})
const fine = new Intl.NumberFormat(LOCALE, { maximumSignificantDigits: 2 })
const weight = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 3 })
const inUnit = (unit: 'millisecond' | 'second') =>
  new Intl.NumberFormat(LOCALE, {
    style: 'unit',
    unit,
    unitDisplay: 'narrow',
    maximumFractionDigits: unit === 'second' ? 1 : 0,
  })
const milliseconds = inUnit('millisecond')
const seconds = inUnit('second')

/** A share of which small ones matter too: `12 %`, `0.13 %`. */
const share = (value: number) =>
  fineShare.format(value >= 0.1 ? Math.round(value * 1000) / 1000 : value)
/** So many out of a thousand battles. */
const perThousand = (probability: number) => {
  const battles = probability * 1000
  return battles >= 10 ? formatWhole(battles) : fine.format(battles)
}

/** How long something took: `340ms`, `2.5s`. */
const duration = (ms: number) => (ms < 1000 ? milliseconds.format(ms) : seconds.format(ms / 1000))

const letter = (side: Side) => side.toUpperCase()

/** What went wrong with an answer, in a few words and in a sentence, by the arena's own kinds. */
const failureKinds: Readonly<Record<FailureKind, { name: string; about: string }>> = {
  'address-refused': {
    name: 'Address refused',
    about: 'The arena may not connect to this address.',
  },
  connect: { name: 'No connection', about: 'The provider could not be reached.' },
  'http-status': { name: 'Error status', about: 'The provider answered with an error.' },
  overloaded: { name: 'Overloaded', about: 'The provider asked to be left alone for a while.' },
  timeout: { name: 'Too slow', about: 'The provider said nothing for too long.' },
  protocol: { name: 'Not understood', about: 'What came was not an answer that can be read.' },
  interrupted: { name: 'Broken off', about: 'The answer ended before its end.' },
  empty: { name: 'Empty', about: 'The answer held no text.' },
  unsupported: { name: 'Not supported', about: 'The arena cannot ask this of the provider.' },
  'not-running': { name: 'Not running', about: 'The local inference did not serve the model.' },
  limit: { name: 'Limit', about: 'A limit set for the model was reached; nothing was sent.' },
  internal: { name: 'In the arena', about: 'The arena itself failed; its log says more.' },
}
/** The words for a kind; undefined for one that this console does not know. */
const failureKind = (kind: string) =>
  Object.hasOwn(failureKinds, kind) ? failureKinds[kind as FailureKind] : undefined

const alertKinds: Readonly<Record<AlertKind | 'arena', { name: string; hint: string }>> = {
  failing: {
    name: 'Not answering',
    hint: 'It is out of the draw and asked again now and then; it comes back by itself once it answers.',
  },
  errors: { name: 'Many errors', hint: 'More than a fifth of its last answers failed.' },
  probe: { name: 'Check failed', hint: 'A scheduled check got no answer.' },
  budget: {
    name: 'Budget',
    hint: 'A daily limit is nearly or fully used up. Days begin at midnight UTC.',
  },
  key: {
    name: 'Key unreadable',
    hint: 'Its stored key cannot be opened with the present secret: give it a new one.',
  },
  inference: {
    name: 'Local inference',
    hint: 'The local inference keeps ending; its log says why.',
  },
  arena: {
    name: 'No battles',
    hint: 'Fewer than two models can be drawn, so no battle can start. Add a model, resume one, or see why others do not answer.',
  },
}

/** What was done, in words; what is not here is shown as it is written. */
const actionNames: Readonly<Record<string, string>> = {
  'model.register': 'Registered',
  'model.change': 'Changed',
  'model.pause': 'Paused',
  'model.resume': 'Resumed',
  'model.retire': 'Retired',
  'model.check': 'Checked',
  'model.check-all': 'Checked all',
  'model.try': 'Tried',
  'model.failing': 'Failing, left out',
  'model.back': 'Back',
  'registry.import': 'Imported models',
  'registry.export': 'Exported models',
  'alert.acknowledge': 'Acknowledged an alert',
  'token.create': 'Created a token',
  'token.revoke': 'Revoked a token',
  'session.open': 'Signed in',
  'session.close': 'Signed out',
  'session.refuse': 'Refused a sign-in',
  'token.refuse': 'Refused a token',
  'keys.rotate': 'Changed the master key',
  'keys.prune': 'Removed old master keys',
}

/** Every sentence of the second half of the console. */
export const moreTexts = {
  share,
  perThousand,
  weight: (value: number) => weight.format(value),

  list: {
    more: 'Show more',
    retry: 'Try again',
    loading: 'Fetching …',
    filters: 'Filters',
    any: 'Any',
    clear: 'Clear filters',
    model: 'Model',
    fresh: 'New',
    watching: 'Watching',
    paused: 'Paused',
    pause: 'Pause watching',
    resume: 'Watch again',
    noMatch: 'Nothing fits these filters.',
  },

  weights: {
    title: 'Weights',
    lead: 'How readily a model is drawn; a weight of 0 takes it out of the draw. Move something and see what the draw becomes before it is saved.',
    empty: 'There are no models to weigh yet.',
    add: 'Add a model',
    list: 'Models and their weights',
    model: 'Model',
    weight: 'Weight',
    inDraw: 'Takes part',
    battles: 'Share of battles',
    weightOf: (name: string) => `Weight of ${name}`,
    sliderOf: (name: string) => `Weight of ${name}, slider`,
    enabledOf: (name: string) => `${name} takes part`,
    wrongWeight: 'A number from 0 to 1,000.',
    shareChange: (from: number, to: number) =>
      `Takes part in ${share(from)} of battles now, in ${share(to)} after saving`,
    legend: `All shares together are ${share(2)}, since two models meet in each battle. They are not in proportion to the weights alone: pairs of which the arena knows little are drawn more often, so shares move as votes come in.`,
    legendNow: 'now',
    legendThen: 'after saving',
    ofBattles: 'of battles',
    status: {
      ready: 'ready',
      paused: 'paused',
      failing: 'failing',
      'on-trial': 'on trial',
      limited: 'at a limit',
      cooling: 'left alone for a while',
      'not-running': 'not running',
      unweighted: 'without weight',
      retired: 'retired',
    } satisfies Record<ModelStatus, string>,
    allWell: 'As if all that take part were answering',
    allWellHint:
      'Leaves aside who is failing, limited or cooling at this moment, for both the present and the future shares.',
    even: 'Set all to 1',
    changes: (changes: number) => `${count(changes, 'change', 'changes')} not saved yet`,
    noChanges: 'Nothing is changed.',
    leave: 'Your changes of weights are not saved. Leave them behind?',
    save: (changes: number) =>
      changes === 0 ? 'Save' : `Save ${count(changes, 'change', 'changes')}`,
    saving: 'Saving …',
    reset: 'Reset',
    undo: 'Undo',
    dismiss: 'Put this report away',
    undoing: 'Taking back …',
    saved: (models: number) => `Saved: ${count(models, 'model', 'models')}.`,
    undone: (models: number) => `Taken back: ${count(models, 'model', 'models')}.`,
    someFailed: (failed: number) => `${count(failed, 'model was', 'models were')} not changed.`,
    written: (field: 'weight' | 'enabled', from: string, to: string) =>
      field === 'weight' ? `weight ${from} → ${to}` : `${from} → ${to}`,
    on: 'takes part',
    off: 'paused',
    previewFailed: 'The draw could not be worked out',
    noPairs:
      'Fewer than two models would be drawn: no battle could start. Let more take part, or give them a weight.',
    pairs: 'Who meets whom',
    pairsLead: (pairs: number) =>
      `${count(pairs, 'pair', 'pairs')} can be drawn. The numbers say in how many of 1,000 battles two models meet.`,
    most: 'Most often',
    least: 'Least often',
    all: 'All pairs',
    against: (a: string, b: string) => `${a} – ${b}`,
    perThousand: (probability: number) => `${perThousand(probability)} of 1,000`,
    matrix: 'Battles out of 1,000 in which two models meet, every pair',
    matrixRegion: 'Pair frequencies, scrollable table',
    own: 'itself',
    seldom: 'less often than an even draw',
    often: 'more often',
    tooMany: (models: number) =>
      `The whole table is shown for up to 40 models; these are ${formatWhole(models)}.`,
    present: 'Shown is the draw as it is now.',
    future: 'Shown is the draw as it would be after saving.',
  },

  exchange: {
    title: 'Import and export',
    lead: 'All models as one file: to keep, to review, or to set up another arena.',
    export: 'Export',
    exportLead:
      'Exports never hold provider keys: they are left out here and have to be given again after an import.',
    formats: {
      yaml: { name: 'YAML', about: 'Everything but the keys, easy to read and to change.' },
      json: { name: 'JSON', about: 'The same for programs.' },
      fastchat: {
        name: 'FastChat',
        about: 'api_endpoints.json: OpenAI-compatible models that are not retired.',
      },
    } satisfies Record<ImportFormat, { name: string; about: string }>,
    download: (format: string) => `Download ${format}`,
    retired: 'With retired models (YAML and JSON)',
    downloaded: (name: string) => `Downloaded: ${name}.`,
    import: 'Import',
    importLead:
      'Nothing happens before you have seen what would: every file is checked first. Models whose slug is in use are left alone.',
    keys: 'The file may hold keys (apiKey, or api_key in FastChat’s format). They are stored encrypted and never shown again; here the text is kept only as long as this page is open.',
    drop: 'Drop a file here, or',
    choose: 'choose a file',
    chosen: (name: string) => `From ${name}`,
    text: 'Or paste its text',
    format: 'Format',
    auto: 'Found out from the text',
    check: 'Check',
    checking: 'Checking …',
    clear: 'Clear',
    tooLarge: 'This file is larger than the arena reads at once (200,000 characters).',
    unreadable: 'This file could not be read.',
    failed: 'This text cannot be imported',
    found: (format: string, entries: number) =>
      `Read as ${format}: ${count(entries, 'entry', 'entries')}.`,
    register: (models: number) => `Register ${count(models, 'model', 'models')}`,
    registering: 'Registering …',
    registered: (models: number) => `Registered: ${count(models, 'model', 'models')}.`,
    nothing: 'There is nothing to register: every slug is in use already.',
    invalid: (entries: number) =>
      `${count(entries, 'entry has', 'entries have')} to be put right first; nothing is registered until then.`,
    results: 'Entries of the file',
    outcomes: {
      registered: 'registered',
      'would-register': 'will be registered',
      exists: 'left alone: slug in use',
      invalid: 'cannot be used',
    },
    noSlug: 'no slug',
  },

  failures: {
    title: 'Failures',
    lead: 'Answers that could not be had, and the requests that caused them. Newest first.',
    empty: 'Nothing has failed. Or nobody has asked yet.',
    list: 'Failures',
    kind: 'Kind',
    kindName: (kind: string) => failureKind(kind)?.name ?? kind,
    kindAbout: (kind: string) => failureKind(kind)?.about ?? '',
    kinds: FAILURE_KINDS,
    status: (status: number) => `HTTP ${status}`,
    after: (ms: number) => `after ${duration(ms)}`,
    version: (version: number) => `version ${formatWhole(version)}`,
    arrived: (failures: number) => `${count(failures, 'new failure', 'new failures')}.`,
    one: (id: number) => `Failure ${formatWhole(id)}`,
    back: 'All failures',
    older: 'Older',
    newer: 'Newer',
    notFound: 'There is no such failure any more. Old ones are removed in time.',
    message: 'What was said',
    when: 'When',
    model: 'Model',
    took: 'Ended',
    battle: 'Battle',
    turn: (turn: number, side: Side) => `question ${turn}, side ${letter(side)}`,
    noBattle: 'None: a check or a trial',
    request: 'The request that caused it',
    requestLead: 'As it was sent, but for the key.',
    noRequest: 'What was asked is not known any more, or nothing was sent.',
    provider: 'Provider',
    dialect: 'Dialect',
    extra: 'Further fields',
    sampling: 'Sampling',
    messages: 'Messages',
    role: { system: 'System', user: 'Visitor', assistant: 'Model' } as Readonly<
      Record<string, string>
    >,
    copyRequest: 'Copy request as JSON',
    copyMessage: 'Copy message',
    requestRegion: 'Message, scrollable',
    modelDefaults: 'the model’s own defaults',
  },

  battles: {
    title: 'Battles',
    lead: 'What visitors asked, who answered and how it was judged. Newest first. Names are shown at any time here: keep them to yourself.',
    empty: 'No battles yet.',
    list: 'Battles',
    opponent: 'Against',
    end: 'With a side that',
    ends: {
      stop: 'came to its end',
      length: 'was cut at its limit',
      stopped: 'was stopped',
      error: 'failed',
    } as Readonly<Record<string, string>>,
    endNames: {
      stop: 'complete',
      length: 'cut at its limit',
      stopped: 'stopped',
      error: 'failed',
    } as Readonly<Record<string, string>>,
    writing: 'being written',
    voted: 'Judged',
    votedYes: 'yes',
    votedNo: 'no',
    phases: {
      streaming: 'being answered',
      answered: 'open',
      voted: 'judged',
      expired: 'expired',
    } as Readonly<Record<string, string>>,
    drawn: (probability: number) => `drawn in ${share(probability)} of battles`,
    turns: (turns: number) => count(turns, 'question', 'questions'),
    side: (side: Side, name: string, version: number) =>
      `${letter(side)}: ${name}, version ${formatWhole(version)}`,
    back: 'All battles',
    one: 'Battle',
    notFound: 'There is no such battle.',
    id: 'Id',
    copyId: 'Copy id',
    question: (turn: number) => `Question ${turn}`,
    answer: (side: Side, name: string) => `${letter(side)} · ${name}`,
    noText: 'No text.',
    copyAnswer: (side: Side) => `Copy answer ${letter(side)}`,
    failures: 'What failed in it',
    verdicts: 'Verdicts',
    noVerdicts: 'Not judged.',
    words: (words: number) => count(words, 'word', 'words'),
    language: (code: string) => (code === 'und' ? 'Language unknown' : formatLanguage(code)),
  },

  alerts: {
    title: 'Alerts',
    lead: 'What needs somebody. An alert ends by itself when its cause is gone; acknowledging one says that somebody is on it.',
    active: 'Active',
    past: 'Past',
    noneActive: 'Nothing needs you now.',
    nonePast: 'No past alerts.',
    kindName: (kind: AlertKind) => alertKinds[kind].name,
    hint: (kind: AlertKind) => alertKinds[kind].hint,
    acknowledge: 'Acknowledge',
    acknowledgeOf: (kind: AlertKind, model: string | null) =>
      `Acknowledge: ${alertKinds[kind].name}${model === null ? '' : ` of ${model}`}`,
    acknowledging: 'Sending …',
    acknowledged: 'Acknowledged.',
    acknowledgedBy: (who: string) => `acknowledged by ${who}`,
    resolved: 'ended',
    failures: 'Its failures',
    arrived: (alerts: number) => `${count(alerts, 'new alert', 'new alerts')}.`,
    webhook: 'To be told elsewhere',
    webhookLead: [
      'Alerts are also sent to the address in',
      'ALERT_WEBHOOK_URL',
      ', if the arena was started with one: as JSON, when they begin and when they end.',
    ] as const,
  },

  audit: {
    title: 'Audit log',
    lead: 'Every act of administration: who did what to what, and what it changed. Newest first; it cannot be edited.',
    empty: 'Nothing was done yet.',
    list: 'Acts of administration',
    action: 'Action',
    subject: 'Subject',
    subjectHint: 'A slug, or all of it: model my-model',
    apply: 'Filter',
    withoutTries: 'Without tries and tests',
    nothing: 'none',
    to: 'became',
    actionName: (action: string) => actionNames[action] ?? action,
    actions: Object.keys(actionNames),
    by: (actor: string) => `by ${actor}`,
    fields: (fields: number) => count(fields, 'field', 'fields'),
  },

  tokens: {
    title: 'Tokens',
    lead: 'Who may call the API and sign in here. Only a hash of each is kept: a token that is lost is revoked and made anew.',
    empty: 'There are no tokens.',
    list: 'Tokens',
    name: 'Name',
    scope: 'Scope',
    created: 'Created',
    revoked: 'Revoked',
    own: 'This session',
    ownHint: 'You are signed in with it: revoking it signs you out.',
    create: 'New token',
    createButton: 'Create token',
    creating: 'Creating …',
    nameHint: 'Who or what will use it, such as “nightly export”.',
    nameMissing: 'Give it a name.',
    scopes: {
      admin: 'Everything: models and their keys, battles, failures, tokens, the audit log.',
      operator:
        'Sees models, failures and alerts; checks, pauses, resumes and acknowledges. Changes nothing else.',
      judge: 'For experts and models that give votes. Cannot sign in here.',
      read: 'Reads the metrics under /metrics, for programs. Opens no page here.',
    } satisfies Record<TokenScope, string>,
    shownOnce: 'Copy it now: it is not shown again',
    shownOnceLead: (name: string) =>
      `This is the new token “${name}”. Only its hash is kept; whoever has it can do what its scope allows.`,
    copy: 'Copy token',
    done: 'I have it',
    theToken: 'The new token',
    revoke: 'Revoke',
    revokeOf: (name: string) => `Revoke ${name}`,
    revokeTitle: (name: string) => `Revoke “${name}”?`,
    revokeLead:
      'Whoever uses it is refused from the next call on, and its sessions end. This cannot be undone.',
    revokeOwn: 'You are signed in with this token: you will be signed out.',
    revokeType: (name: string) => `Type its name to confirm: ${name}`,
    revoking: 'Revoking …',
    cancel: 'Cancel',
    wasRevoked: (name: string) => `Revoked: ${name}.`,
    showRevoked: (tokens: number) => `Revoked ones (${formatWhole(tokens)})`,
  },
} as const
