import type { BoardRow } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'

/** The ranks that the votes leave open, as `2–5`; in full sentences for a screen reader. */
export function RankText({ row }: { row: BoardRow | null }) {
  if (row === null) return <span className="rank-text">–</span>
  const { rankLow, rankHigh, rank } = row
  return (
    <span className="rank-text">
      <span aria-hidden="true">{boardTexts.ranks(rankLow, rankHigh, rank)}</span>
      <span className="visually-hidden">{boardTexts.ranksSpoken(rankLow, rankHigh, rank)}</span>
    </span>
  )
}
