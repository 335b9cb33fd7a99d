import type { Dimension } from '../../shared/dimensions.ts'
import type { EndReason } from '../../shared/schemas/battle.ts'
import type { Side, Verdict } from '../../shared/verdicts.ts'
import { dimensionNames } from './en-dimensions.ts'
import { count, formatOrdinal, formatWhole } from './format.ts'

const letter = (side: Side) => side.toUpperCase()

const verdictNames: Readonly<Record<Verdict, string>> = {
  a: 'A',
  tie: 'Tie',
  b: 'B',
  both_bad: 'Both bad',
  skip: 'Can’t say',
}

const verdictPhrases: Readonly<Record<Verdict, string>> = {
  a: 'A is better',
  tie: 'They are equally good',
  b: 'B is better',
  both_bad: 'Both are bad',
  skip: 'I can’t say',
}

const endings: Readonly<Record<EndReason, string>> = {
  stop: 'Complete',
  length: 'Cut at its length limit',
  stopped: 'Stopped',
  error: 'Could not answer',
}

/** Every sentence of the page. One catalogue, so that a second language is a second file. */
export const texts = {
  brand: 'Trivium',
  title: (page: string) => `${page} · Trivium`,
  skipToContent: 'Skip to the content',
  nav: {
    label: 'Main',
    arena: 'Arena',
    leaderboard: 'Leaderboard',
    battles: 'My battles',
    models: 'Models',
    about: 'Method',
  },
  theme: {
    label: 'Theme',
    system: 'As the system',
    light: 'Light',
    dark: 'Dark',
  },
  footer: {
    motto: 'Grammar, logic, rhetoric: language, accuracy, helpfulness.',
    api: 'API reference',
    data: 'Vote data',
    method: 'How the numbers are made',
  },
  dimensions: dimensionNames,
  verdicts: verdictNames,
  verdictPhrases,

  ask: {
    title: ['Two models answer.', 'You judge.'],
    lead: 'Ask anything. Two anonymous models answer side by side; you say which is more accurate, more helpful and better written. Then their names are revealed, and three ratings move.',
    label: 'Your question',
    placeholder: 'Ask anything, in any language …',
    ask: 'Ask both',
    asking: 'Asking …',
    waiting:
      'The connection is lost. Your question is kept and will be asked as soon as it is back.',
    keys: 'Enter asks · Shift + Enter starts a new line',
    characters: (used: number, max: number) =>
      `${formatWhole(used)} of ${count(max, 'character', 'characters')}`,
    consent:
      'By asking you agree that your votes become open data (CC BY 4.0) with no name attached. Questions and answers are not part of it. Please ask nothing private.',
    consentLink: 'What is kept',
    examples: 'Or try one of these',
    exampleList: [
      ['accuracy', 'Which is larger, 9.11 or 9.9? Show why.'],
      [
        'accuracy',
        'A bat and a ball cost $1.10. The bat costs $1 more than the ball. What is each?',
      ],
      [
        'helpfulness',
        'Write a Python function that merges overlapping intervals, with three tests.',
      ],
      ['helpfulness', 'Plan a two-day visit to Lisbon with a toddler, as a table.'],
      ['language', 'Explain recursion to a ten-year-old in five sentences.'],
      ['language', 'Schreibe eine höfliche Absage auf eine Einladung, auf Deutsch.'],
    ] as readonly (readonly [Dimension, string])[],
    exampleOf: (name: string) => `tests ${name.toLowerCase()}`,
  },
  facts: {
    label: 'The arena now',
    votes: (votes: number) => (votes === 1 ? 'vote counted' : 'votes counted'),
    models: (models: number) => (models === 1 ? 'model competing' : 'models competing'),
    leads: (dimension: Dimension) => `leads in ${dimensionNames[dimension].toLowerCase()}`,
    leaders: ([first, ...others]: readonly string[], votes: number) =>
      first === undefined
        ? votes === 0
          ? 'No votes yet'
          : 'Not decided yet'
        : others.length === 0
          ? first
          : `${others.length + 1} models tied`,
    unknown: '–',
  },

  battle: {
    title: 'Battle',
    asked: 'You asked',
    answer: (side: Side) => `Answer ${letter(side)}`,
    answerRegion: (side: Side) => `Answer ${letter(side)}, scrollable text`,
    answers: 'The two answers',
    turn: (turn: number) => `Question ${turn}`,
    question: (turn: number) => `Your question ${turn}`,
    show: 'Show an answer',
    side: 'Answer',
    thinking: 'Thinking',
    writing: 'Writing',
    ended: endings,
    words: (words: number) => count(words, 'word', 'words'),
    latest: 'Latest',
    latestOf: (side: Side) => `Latest of answer ${letter(side)}`,
    stop: 'Stop both',
    stopOne: (side: Side) => `Stop ${letter(side)}`,
    copyAnswer: (side: Side) => `Copy answer ${letter(side)}`,
    failed: 'This model could not answer: try it again or replace it.',
    failedLater: 'This model could not answer: try it again.',
    retry: 'Try again',
    replace: 'Replace the model',
    reasoning: 'Show what it thought before answering',
    stoppedAtOnce: 'Stopped before its first word.',
    retryOf: (side: Side) => `Try again: answer ${letter(side)}`,
    replaceOf: (side: Side) => `Replace the model of answer ${letter(side)}`,
    failedJudging: 'Judging waits until both sides have answered.',
    followLabel: 'Follow-up question to both',
    followPlaceholder: 'Ask a follow-up',
    follow: 'Ask both',
    expired: 'This battle has ended: a battle stays open for 24 hours after its last question.',
    loading: 'Fetching the battle …',
    notFound: 'This battle cannot be shown',
    notFoundHint:
      'It may not exist, or belong to somebody else: battles are shown to whoever started them.',
    again: 'Start a new battle',
    bothWriting: 'Both models are answering.',
    oneDone: (side: Side, how: string) => `Answer ${letter(side)}: ${how.toLowerCase()}.`,
    bothDone: 'Both answers are complete. Three questions wait for your judgement.',
  },

  verdict: {
    title: 'Your judgement',
    wait: 'Three separate questions, once both have finished.',
    ready: 'Three separate questions. “Can’t say” is a good answer where you can’t.',
    send: 'Send and reveal',
    sending: 'Sending …',
    waiting: 'The connection is lost. Your judgement is kept and sent as soon as it is back.',
    incomplete: (left: number) => `${count(left, 'question', 'questions')} left`,
    nothing: 'All three say “can’t say”. Judge at least one, or ask a follow-up.',
    keys: 'Keys',
  },
  keys: {
    title: 'Keys',
    close: 'Close',
    list: [
      [['1', '…', '5'], 'A · tie · B · both bad · can’t say, and on to the next row'],
      [['←', '→'], 'choose within a row'],
      [['↑', '↓'], 'go between rows'],
      [['Enter'], 'send the judgement'],
      [['Esc'], 'stop both answers'],
      [['N'], 'next battle, once names are revealed'],
      [['?'], 'show these keys'],
    ] as readonly (readonly [readonly string[], string])[],
    toggle: 'Single-key shortcuts (1–5, N, ?) work anywhere on the page',
    toggleHint: 'When off, the keys 1–5 work only inside a row.',
  },

  reveal: {
    title: 'Revealed',
    by: (organization: string) => `by ${organization}`,
    license: 'Licence',
    youSaid: 'You said',
    ratings: (side: Side) => `What your vote did to ${letter(side)}`,
    pending: 'Your vote is safe. The ratings are being counted …',
    rank: (before: number, after: number) =>
      before === after
        ? `${formatOrdinal(after)}, as before`
        : `${formatOrdinal(before)} → ${formatOrdinal(after)}`,
    from: 'from',
    to: 'to',
    expectation: 'What the board expected',
    judgement: 'What you said',
    favoured: (side: Side, a: number, b: number) =>
      `${letter(side)} was favoured ${Math.round(a * 100)}:${Math.round(b * 100)}`,
    even: 'Evenly matched, 50:50',
    surprise: 'an upset',
    announced: (a: string, b: string) => `Revealed: A was ${a}, B was ${b}.`,
    next: 'Next battle',
    again: 'Same question, new models',
    copyLink: 'Copy link for yourself',
    copyResult: 'Copy result',
    copied: 'Copied',
    mine: 'My battles',
    commentLabel: 'A remark for the researchers (optional)',
    commentSend: 'Leave remark',
    commentSaved: 'Thank you. Saved.',
    shareLine: (a: string, b: string) => `${a} against ${b}, judged on Trivium:`,
    winner: (name: string) => `${name} is better`,
  },

  copy: {
    code: 'Copy code',
    copied: 'Copied',
    failed: 'Copying is not allowed here',
  },
  markdown: {
    image: 'Image',
    table: 'Table, scrollable',
    code: 'Code, scrollable',
    formula: 'Formula, scrollable',
    checked: 'Done',
    unchecked: 'Not done',
  },

  battles: {
    title: 'My battles',
    lead: 'What you asked on this device, and what you decided.',
    empty: 'Nothing here yet.',
    start: 'Start your first battle',
    startOne: 'Start a battle',
    more: 'Show more',
    open: 'open',
    judged: 'judged',
    expired: 'expired',
    streaming: 'being answered',
    turns: (turns: number) => count(turns, 'question', 'questions'),
    versus: (a: string, b: string) => `${a} against ${b}`,
    unnamed: 'Names are revealed by your vote',
    between: (a: string, b: string) => `Your battles of ${a} against ${b}`,
    betweenLead:
      'Battles are shown to whoever started them. Those of others appear here once a screening has released them.',
    betweenEmpty: 'You have not seen these two against each other yet.',
    all: 'All my battles',
  },
  about: {
    title: 'Method',
    formulas: 'Every formula, with its source and its limits',
  },
  methods: {
    title: 'Every formula',
    contents: 'Contents',
  },
  notFound: { title: 'Nothing here', lead: 'This page does not exist.', home: 'To the arena' },

  trouble: {
    noAnswer: 'The arena does not answer. Please try again.',
    lost: 'Connection lost. Trying to get back; nothing is lost.',
    back: 'Connected again. It goes on.',
    warming: 'The models are warming up',
    warmingDetail:
      'They are being loaded; this takes a moment after a start. You can ask already: your question is kept.',
    none: 'No battle can start now',
    noneDetail: 'Please come back later.',
    forOperators: 'For operators',
    rateLimited: 'That was a lot at once.',
    retryAfter: (seconds: number) => `You can ask again in ${count(seconds, 'second', 'seconds')}.`,
    retry: 'Try again',
  },
} as const
