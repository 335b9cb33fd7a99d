import type { Dimension } from '../../shared/dimensions.ts'
import type { PerSide, Verdict } from '../../shared/verdicts.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'

type Props = {
  dimension: Dimension
  verdict: Verdict
  names: PerSide<string>
  /** The share of wins that the board had given A; null until the ratings are there. */
  expected: number | null
}

/** A win that the board gave at most this chance is worth pointing out. */
const UPSET_BELOW = 0.4

/** One dimension: what was said, beside what the board had expected. */
export function VerdictLine({ dimension, verdict, names, expected }: Props) {
  const isWin = verdict === 'a' || verdict === 'b'
  const said = isWin ? texts.reveal.winner(names[verdict]) : texts.verdictPhrases[verdict]
  const chance = expected === null || !isWin ? 1 : verdict === 'a' ? expected : 1 - expected
  return (
    <div className="verdict-line" data-dimension={dimension}>
      <DimensionName dimension={dimension} />
      <p className="verdict-line-said">
        {said}
        {chance <= UPSET_BELOW && <span className="verdict-line-tag">{texts.reveal.surprise}</span>}
      </p>
      <p className="verdict-line-expected figures">
        {expected === null ? '' : expectation(expected)}
      </p>
    </div>
  )
}

function expectation(expectedOfA: number): string {
  if (Math.round(expectedOfA * 100) === 50) return texts.reveal.even
  return expectedOfA > 0.5
    ? texts.reveal.favoured('a', expectedOfA, 1 - expectedOfA)
    : texts.reveal.favoured('b', 1 - expectedOfA, expectedOfA)
}
