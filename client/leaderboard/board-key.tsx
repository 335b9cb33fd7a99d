import { boardTexts } from '../texts/en-board.ts'
import type { CSSProperties } from 'react'

const SAMPLE = { '--low': '10%', '--high': '90%', '--at': '50%' } as CSSProperties

/** How to read a row, before the first one. */
export function BoardKey({ intervals }: { intervals: boolean }) {
  const { key } = boardTexts
  return (
    <p className="board-key">
      <span>
        <strong aria-hidden="true">2–5</strong> {key.ranks}
      </span>
      <span>
        <span className="interval" data-plain style={SAMPLE} aria-hidden="true">
          <span />
        </span>{' '}
        {intervals ? key.interval : key.noInterval}
      </span>
      <span className="board-key-points">{key.points}</span>
    </p>
  )
}
