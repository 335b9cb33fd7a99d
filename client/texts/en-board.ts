import type { Method, RowStatus } from '../../shared/boards.ts'
import { CATEGORY_DESCRIPTIONS } from '../../shared/categories.ts'
import type { BoardDimension, Dimension } from '../../shared/dimensions.ts'
import { dimensionNames } from './en-dimensions.ts'
import {
  count,
  formatDate,
  formatFineShare,
  formatLanguage,
  formatList,
  formatOrdinal,
  formatRange,
  formatShare,
  formatWhole,
} from './format.ts'

const lower = (dimension: BoardDimension) => dimensionNames[dimension].toLowerCase()

/** Places that people say in words. */
const PLACES = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
  'eleventh',
  'twelfth',
]
const place = (rank: number) => PLACES[rank - 1] ?? formatOrdinal(rank)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

const methodNames: Readonly<Record<Method, string>> = {
  'bradley-terry': 'Bradley–Terry',
  davidson: 'Davidson',
  elo: 'Elo',
}

const categories: Readonly<Record<string, { name: string; about: string }>> = CATEGORY_DESCRIPTIONS

/** The sentences of the leaderboard. */
export const boardTexts = {
  title: 'Leaderboard',
  lead: 'Three questions, three rankings. A model can be first in one and ninth in another.',
  views: {
    label: 'View',
    ratings: ['Ratings', 'Ratings'],
    disagree: ['Where they disagree', 'Disagree'],
    matrix: ['Who beats whom', 'Matrix'],
    history: ['Over time', 'History'],
  } as const,
  choices: 'Board',
  overview: 'Side by side',
  allThree: 'All three',

  columns: {
    rank: 'Rank',
    rankRange: 'Ranks',
    model: 'Model',
    rating: 'Rating',
    elo: 'Elo',
    votes: 'Votes',
    wins: 'Won',
    losses: 'Lost',
    ties: 'Tied',
    bothBad: 'Both bad',
    spread: 'Spread',
  },
  hints: {
    rank: 'Ranks that the votes leave open, all models taken together, with 95 % confidence',
    rating: 'Points with their 95 % interval; the mean of all models is 1,000',
    elo: 'Classic Elo: moves with every vote and depends on their order',
    bothBad: 'Share of its judged battles in which both answers were called bad',
    spread: 'How many places its three ranks lie apart',
  },
  sortBy: 'Sort by',
  turnOrder: 'Turn the order round',
  spreadPlaces: (places: number) => (places === 0 ? 'none' : count(places, 'place', 'places')),
  ranks: (low: number | null, high: number | null, rank: number | null) =>
    low !== null && high !== null
      ? formatRange(low, high)
      : rank === null
        ? '–'
        : formatWhole(rank),
  ranksSpoken: (low: number | null, high: number | null, rank: number | null) =>
    rank === null
      ? 'no rank'
      : low === null || high === null || low === high
        ? `rank ${formatWhole(rank)}`
        : `rank ${formatWhole(rank)}, anything from ${formatWhole(low)} to ${formatWhole(high)}`,
  interval: (low: number, high: number) => `${formatWhole(low)} to ${formatWhole(high)}`,
  key: {
    ranks: 'ranks left open by the votes',
    interval: 'rating and 95 % interval',
    elo: 'Elo depends on the order of the votes and has no interval: it is not what the arena ranks by.',
    nobody: 'The votes say who won, but not yet by how far: nobody can be rated.',
    points: '100 points more: 64 % of the wins',
    provisional: 'dashed: few votes so far',
  },
  bothBadInterval: (low: number, high: number) =>
    `95 % interval: ${formatFineShare(low)} to ${formatFineShare(high)}`,
  status: {
    rated: '',
    'unbounded-above': 'Never lost: no finite rating yet',
    'unbounded-below': 'Never won: no finite rating yet',
    disconnected: 'Not connected with the others by wins and losses',
  } satisfies Record<RowStatus, string>,
  statusShort: {
    rated: '',
    'unbounded-above': 'never lost',
    'unbounded-below': 'never won',
    disconnected: 'not connected',
  } satisfies Record<RowStatus, string>,
  unjudged: 'not judged',
  provisional: 'provisional',
  provisionalHint: 'Few votes so far: this place can change quickly.',
  unranked: 'not ranked yet',

  live: 'Live',
  pause: 'Pause',
  resume: 'Go on',
  paused: (waiting: number) =>
    waiting <= 0 ? 'Paused' : `Paused, ${count(waiting, 'change waits', 'changes wait')}`,
  offline: 'Not connected; showing the last state',
  loading: 'Fetching the board …',
  empty: 'No votes yet. The first battle decides the first place.',
  emptySlice: 'No votes under these filters.',
  votes: (votes: number) => count(votes, 'vote', 'votes'),
  verdicts: (votes: number) => count(votes, 'verdict', 'verdicts'),
  version: (version: number) => `version ${version}`,
  here: (votes: number) =>
    `Computed here from ${count(votes, 'verdict', 'verdicts')}; intervals for independent votes.`,
  hereSoon: 'The arena’s own board follows.',
  hereOnly: 'The arena publishes no such board.',
  computing: 'Computing …',
  intervalsBehind: (version: number) => `intervals of version ${version}`,

  filters: {
    label: 'Filters',
    open: 'Filters',
    active: (active: number) => (active === 0 ? 'Filters' : `Filters (${formatWhole(active)})`),
    which: 'Which votes',
    how: 'How they are rated',
    language: 'Language',
    anyLanguage: 'All languages',
    unknownLanguage: 'Not recognised',
    category: 'Category',
    anyCategory: 'All categories',
    judge: 'Judges',
    judges: { human: 'People', expert: 'Experts', model: 'Models' },
    votesOf: { human: 'people’s votes', expert: 'experts’ votes', model: 'votes of models' },
    turns: 'Turns',
    turnsOf: { both: 'Any number', single: 'One question', multi: 'Several questions' },
    method: 'Method',
    methods: methodNames,
    style: 'Style control',
    styleHint: 'Length and decoration held equal',
    ties: 'Ties',
    tiesOf: {
      half: 'Half a win each',
      'no-both-bad': 'Half a win, “both bad” dropped',
      drop: 'All dropped',
    },
    weights: 'Weights of overall',
    weight: (dimension: Dimension, weight: number, share: number) =>
      `${dimensionNames[dimension]}: ${formatWhole(weight)}, ${formatShare(share)}`,
    anchor: 'Anchor',
    noAnchor: 'Mean of all is 1,000',
    anchorRating: 'has the rating',
    without: 'Leave out a model',
    withoutNone: 'None left out',
    putBack: (name: string) => `Put ${name} back`,
    leftOut: 'Left out',
    reset: 'Clear filters',
    period: 'Period',
    periods: {
      all: 'All time',
      '90d': 'Last 90 days',
      '30d': 'Last 30 days',
      '7d': 'Last 7 days',
      '1d': 'Last 24 hours',
    },
    notFromCounts:
      'Ties, anchor and left-out models need the counts alone; Elo and style control need every vote.',
    davidsonOverall:
      'Davidson exists for each question by itself; overall stays Bradley–Terry, since how often people tie differs between the questions.',
    eloNote:
      'Elo depends on the order of the votes and has no interval: it is not what the arena ranks by.',
    sliceNote:
      'Few votes are drawn towards the board of all votes, as far as ±60 points allow; ratings that still lean on it are provisional.',
  },
  leftOut: (models: number) => `${count(models, 'model', 'models')} left out`,
  languageName: (code: string | null) =>
    code === null ? 'All languages' : code === 'und' ? 'Not recognised' : formatLanguage(code),
  categoryName: (slug: string | null) =>
    slug === null ? 'All categories' : (categories[slug]?.name ?? slug),

  disagree: {
    title: 'Where they disagree',
    lead: 'Models by how far their three ratings lie apart; clearly so where the intervals of best and worst do not overlap.',
    unit: 'Measured in',
    units: { places: 'Places', points: 'Points' },
    clear: 'Clear',
    unclear: 'No clear disagreement',
    clearCount: (clear: number, all: number) =>
      clear === 0
        ? `No clear disagreement among ${count(all, 'model', 'models')} so far: all intervals overlap.`
        : `${count(clear, 'model', 'models')} of ${formatWhole(all)} clearly ${clear === 1 ? 'stands' : 'stand'} in different places.`,
    places: (best: Dimension, top: number, worst: Dimension, low: number) =>
      top === low
        ? `${capital(place(top))} in all three`
        : `${capital(place(top))} in ${lower(best)}, ${place(low)} in ${lower(worst)}`,
    points: (best: Dimension, worst: Dimension, points: number) =>
      Math.round(points) === 0
        ? 'The same rating in all three'
        : `${count(Math.round(points), 'point', 'points')} more in ${lower(best)} than in ${lower(worst)}`,
    overlap: 'the intervals overlap: no clear disagreement',
    clearWords: 'a clear difference',
    axis: {
      places: 'Place; the bar is the range of ranks that the votes leave open',
      points: 'Points; the bar is the 95 % interval',
    },
    none: 'Three ratings of a model can be compared once it is rated in all three.',
  },

  matrix: {
    title: 'Who beats whom',
    lead: 'Share of wins of the model at the left against the model above, ties counting half.',
    region: 'Win shares, scrollable',
    grid: 'Share of wins of the model in the row',
    shows: { label: 'Cells show', observed: 'Observed', expected: 'Predicted' },
    legendLow: 'loses',
    legendEven: 'even',
    legendHigh: 'wins',
    few: 'fewer than 10 verdicts',
    never: 'never met',
    hint: 'Point at a cell, or move with the arrow keys. A press opens the battles of the two.',
    touchHint: 'Touch a cell for its counts.',
    cell: (row: string, column: string) => `${row} against ${column}`,
    noBattles: 'have not met yet',
    record: (wins: number, losses: number, ties: number, bothBad: number) =>
      `${formatWhole(wins)} won, ${formatWhole(losses)} lost, ${formatWhole(ties)} tied, ${formatWhole(bothBad)} both bad`,
    observed: (share: number, battles: number) =>
      `${formatShare(share)} of ${count(battles, 'verdict', 'verdicts')}`,
    predicted: (share: number) => `predicted ${formatShare(share)}`,
    notPredicted: 'no prediction: not both are rated',
    battles: 'Battles of these two',
    decided: 'All three questions together',
  },

  odds: {
    title: 'Odds of a pairing',
    lead: 'What each board predicts if these two met now, a tie being half a win, and what has happened so far.',
    first: 'First model',
    second: 'Second model',
    line: (a: string, shareA: number, b: string) =>
      `${a} ${formatShare(shareA)}, ${b} ${formatShare(1 - shareA)}`,
    unknown: 'No prediction: not both are rated here.',
    observed: (share: number, battles: number) =>
      `so far ${formatShare(share)} of ${count(battles, 'verdict', 'verdicts')}`,
    never: 'have not met',
    same: 'Choose two different models.',
  },

  history: {
    title: 'Over time',
    lead: (all: boolean) =>
      all
        ? 'One model’s three ratings, as the boards showed them, each with its 95 % band.'
        : 'Ratings as the board showed them, each with its 95 % band.',
    model: 'Model',
    add: 'Add a model',
    remove: (name: string) => `Remove ${name}`,
    most: (most: number) => `Up to ${formatWhole(most)} models can be told apart.`,
    empty: 'No history in this period yet.',
    one: 'One point so far: a line needs two.',
    table: 'The same as a table',
    tableLabel: 'Ratings over time, scrollable',
    at: 'When',
    plot: (names: readonly string[], from: string, to: string) =>
      `Ratings of ${formatList(names)} from ${formatDate(from)} to ${formatDate(to)}; the same numbers stand in the table below.`,
    filtersNote:
      'A history is kept of the whole boards, people’s votes rated by Bradley–Terry: without filters.',
  },

  made: {
    open: 'How these numbers are made',
    close: 'Close',
  },
  download: 'Download',
  downloads: { csv: 'CSV', json: 'JSON', svg: 'SVG', png: 'PNG' },
  exportVotes: 'All votes (JSONL)',
  fileOf: (board: string, format: string) => `${board}, ${format}`,
  citation: 'Cite as',
  copyCitation: 'Copy citation',
  cite: (board: string, made: string, version: number, at: string) =>
    `Trivium leaderboard, ${board} (${made}), version ${version}, ${formatDate(at)}.`,
  figure: {
    title: (of: string) => `Trivium leaderboard: ${of}`,
    source: (made: string, version: number, at: string) =>
      `${made} · version ${version} · ${formatDate(at)}`,
    ratings: 'Points with 95 % intervals; ranges are the ranks that the votes leave open.',
    here: 'Points with 95 % intervals for independent votes, computed from the counts of pairs; ranges are ranks.',
    elo: 'Points of classic Elo; no intervals.',
    observed: 'Share of wins of the row against the column in per cent, ties counting half.',
    expected: 'Predicted share of wins of the row against the column in per cent.',
    history: 'Points with 95 % bands.',
  },

  model: {
    history: 'Over time',
    opponents: 'Best and worst opponents',
    opponentsLead:
      'By share of wins over all three questions, ties counting half; only opponents met in at least 5 verdicts.',
    best: 'Does best against',
    worst: 'Does worst against',
    noOpponents: 'Too few battles to say.',
    against: (share: number, battles: number) =>
      `${formatShare(share)} of ${count(battles, 'verdict', 'verdicts')}`,
    intervals: 'Bars are 95 % intervals, clustered by voter.',
  },
} as const
