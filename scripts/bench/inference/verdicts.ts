import { ratios, shown, spread, table, type Spread } from '../lib/report.ts'

/** One line of the bench: what we do, what it is compared with, and what was hoped for. */
export type Line = {
  readonly what: string
  readonly unit: string
  readonly digits: number
  readonly ours: readonly number[]
  /** Nothing where there is no peer; then the figure itself is the ratio. */
  readonly theirs: readonly number[] | undefined
  /** Which of both is better when it is larger; shares are compared as they are. */
  readonly better: 'smaller' | 'larger' | 'share'
  readonly goal?: { readonly least: number } | { readonly most: number }
}

/** The ratio in which more is better, or for a share: the share. */
function ratioOf({ ours, theirs, better }: Line): Spread | undefined {
  if (better === 'share') return theirs === undefined ? spread(ours) : ratios(ours, theirs)
  if (theirs === undefined) return undefined
  return better === 'smaller' ? ratios(theirs, ours) : ratios(ours, theirs)
}

function verdict(line: Line, ratio: Spread | undefined): [goal: string, reached: string] {
  const { goal } = line
  if (goal === undefined) return ['', '']
  const text = 'least' in goal ? `≥ ${goal.least}` : `≤ ${goal.most}`
  if (ratio === undefined) return [text, 'no peer']
  const reached = 'least' in goal ? ratio.median >= goal.least : ratio.median <= goal.most
  return [text, reached ? 'yes' : 'no']
}

/** The bench's table. */
export function verdicts(lines: readonly Line[]): string {
  const rows = lines.map((line) => {
    const { what, unit, digits, ours, theirs } = line
    const ratio = ratioOf(line)
    return [
      what,
      `${shown(spread(ours), digits)}${unit === '' ? '' : ` ${unit}`}`,
      theirs === undefined ? '–' : shown(spread(theirs), digits),
      ratio === undefined ? '–' : shown(ratio, 2),
      ...verdict(line, ratio),
    ]
  })
  return table(['what', 'ours', 'the other', 'ratio', 'goal', 'reached'], rows)
}
