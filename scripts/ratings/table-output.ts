import type { RatedModel } from '../../shared/ratings/rate.ts'
import type { Intervals, Options } from './options.ts'
import { visible } from './problems.ts'
import type { Report } from './report.ts'

const METHOD_NAMES: Readonly<Record<Options['method'], string>> = {
  'bradley-terry': 'Bradley–Terry',
  davidson: 'Davidson',
  elo: 'online Elo: depends on the order of the votes',
  'elo-permuted': 'Elo, mean over random orders',
}

const TIES_WORDS: Readonly<Record<Options['ties'], string>> = {
  half: 'ties and both-bad count half a win',
  'no-both-bad': 'ties count half a win, both-bad is dropped',
  drop: 'ties and both-bad are dropped',
}

/** Davidson's model has ties as an outcome of their own. */
const DAVIDSON_TIES_WORDS: Readonly<Record<Options['ties'], string>> = {
  half: 'both-bad counts as a tie',
  'no-both-bad': 'both-bad is dropped',
  drop: 'ties and both-bad are dropped',
}

const INTERVAL_WORDS: Readonly<Record<Intervals, string>> = {
  sandwich: '95 % intervals by the sandwich, every vote independent',
  clustered: '95 % intervals clustered by voter',
  bootstrap: '95 % intervals by the bootstrap',
  none: 'no intervals',
}

const STATUS_WORDS: Readonly<Record<RatedModel['status'], string>> = {
  rated: '',
  'unbounded-above': 'never lost to the rated models: no finite rating',
  'unbounded-below': 'never won against the rated models: no finite rating',
  disconnected: 'not connected to the rated models',
}

/** A report as an aligned table for a terminal, with a foot that says how it was made. */
export function toTable(report: Report): string {
  const { board } = report
  const withIntervals = board.models.some(({ ciLow }) => ciLow !== null)
  const columns = columnsOf(withIntervals)
  const lines = [
    alignColumns(
      columns.map(({ title }) => title),
      board.models.map((model) => columns.map(({ cell }) => cell(model))),
      columns.map(({ left }) => left ?? false),
    ),
    ...styleLines(report),
    ...footOf(report, withIntervals),
  ]
  return `${lines.join('\n')}\n`
}

type Column = {
  readonly title: string
  readonly left?: boolean
  readonly cell: (model: RatedModel) => string
}

function columnsOf(withIntervals: boolean): Column[] {
  return [
    { title: 'rank', cell: ({ rank }) => whole(rank) },
    ...(withIntervals
      ? [{ title: 'ranks', cell: (model: RatedModel) => range(model.rankLow, model.rankHigh) }]
      : []),
    { title: 'model', left: true, cell: ({ model }) => visible(model) },
    { title: 'rating', cell: ({ rating }) => decimal(rating) },
    ...(withIntervals
      ? [{ title: '95 % interval', cell: (model: RatedModel) => interval(model) }]
      : []),
    { title: 'votes', cell: ({ votes }) => whole(votes) },
    { title: 'wins', cell: ({ wins }) => whole(wins) },
    { title: 'losses', cell: ({ losses }) => whole(losses) },
    { title: 'ties', cell: ({ ties }) => whole(ties) },
    { title: 'both bad', cell: ({ bothBad }) => whole(bothBad) },
    { title: '', left: true, cell: remarkOf },
  ]
}

function remarkOf({ status, provisional, votes }: RatedModel): string {
  if (status !== 'rated') return STATUS_WORDS[status]
  return provisional ? `provisional: ${counted(votes, 'vote', 'votes')}` : ''
}

function whole(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en')
}

function counted(count: number, one: string, many = one): string {
  return `${whole(count)} ${count === 1 ? one : many}`
}

function decimal(value: number | null): string {
  return value === null ? '–' : value.toFixed(1)
}

function range(low: number | null, high: number | null): string {
  if (low === null || high === null) return '–'
  return low === high ? `${low}` : `${low}–${high}`
}

function interval({ ciLow, ciHigh }: RatedModel): string {
  return ciLow === null || ciHigh === null ? '–' : `${decimal(ciLow)} … ${decimal(ciHigh)}`
}

function styleLines({ board }: Report): string[] {
  if (board.style === null) return []
  const rows = board.style.map(({ feature, coefficient, ciLow, ciHigh }) => [
    feature,
    coefficient.toFixed(3),
    `${ciLow.toFixed(3)} … ${ciHigh.toFixed(3)}`,
  ])
  const titles = ['style', 'coefficient', '95 % interval']
  return ['', alignColumns(titles, rows, [true, false, false])]
}

function footOf(report: Report, withIntervals: boolean): string[] {
  const { board, options, skipped, seconds } = report
  const { outcomes } = board
  return [
    '',
    [
      METHOD_NAMES[options.method],
      board.dimension,
      ...(board.nu === null ? [] : [`ν ${board.nu.toFixed(4)}`]),
      options.method === 'davidson' ? DAVIDSON_TIES_WORDS[options.ties] : TIES_WORDS[options.ties],
      intervalWords(report, withIntervals),
    ].join(' · '),
    [
      counted(board.votes, 'vote', 'votes'),
      `verdicts: ${[
        counted(outcomes.decisive, 'decisive'),
        counted(outcomes.ties, 'tie', 'ties'),
        counted(outcomes.bothBad, 'both bad'),
        counted(outcomes.skipped, 'cannot judge'),
      ].join(', ')}`,
      `${counted(skipped, 'bad row', 'bad rows')} skipped`,
    ].join(' · '),
    `${time(seconds.read)} reading · ${time(seconds.count)} counting · ${time(seconds.solve)} solving`,
  ]
}

function intervalWords({ board, options }: Report, withIntervals: boolean): string {
  if (!withIntervals) return INTERVAL_WORDS.none
  if (options.method === 'davidson') return '95 % intervals by the information matrix'
  const kind = options.intervals ?? 'clustered'
  if (kind !== 'clustered') return INTERVAL_WORDS[kind]
  if (board.voters === 1) return `${INTERVAL_WORDS.sandwich}: there is but one voter`
  return `${INTERVAL_WORDS.clustered}: ${whole(board.voters)} voters`
}

function time(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(1)} s`
}

function alignColumns(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly boolean[],
): string {
  const widths = titles.map((title, column) =>
    Math.max(widthOf(title), ...rows.map((row) => widthOf(row[column] ?? ''))),
  )
  return [titles, ...rows]
    .map((row) =>
      row
        .map((cell, column) => {
          const gap = ' '.repeat((widths[column] ?? 0) - widthOf(cell))
          return left[column] === true ? cell + gap : gap + cell
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u

/** Cells of a terminal: East Asian letters and pictures take two. */
function widthOf(text: string): number {
  let width = 0
  for (const character of text.normalize('NFC')) width += WIDE.test(character) ? 2 : 1
  return width
}
