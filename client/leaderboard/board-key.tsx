import type { CSSProperties } from 'react'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'

const SAMPLE = { '--low': '10%', '--high': '90%', '--at': '50%' } as CSSProperties
const { key } = boardTexts

/** How to read a row, before the first one. */
export function BoardKey({ board }: { board: Board }) {
  if (board.rows.every((row) => row.rating === null))
    return <p className="board-key">{key.nobody}</p>
  if (board.slice.method === 'elo') return <p className="board-key">{key.elo}</p>
  return (
    <p className="board-key">
      <span>
        <strong aria-hidden="true">2–5</strong> {key.ranks}
      </span>
      <span>
        <span className="interval" data-plain style={SAMPLE} aria-hidden="true">
          <span />
        </span>{' '}
        {key.interval}
      </span>
      {board.rows.some((row) => row.provisional) && (
        <span>
          <span className="board-provisional">{boardTexts.provisional}</span> {key.provisional}
        </span>
      )}
      <span className="board-key-points">{key.points}</span>
    </p>
  )
}
