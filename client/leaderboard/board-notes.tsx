import { Link } from 'react-router'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { texts } from '../texts/en.ts'

/** Under a board: how it was made, the files, and how to cite it. */
export function BoardNotes({ board }: { board: Board }) {
  const { dimension } = board.slice
  const address = `/api/v1/leaderboard?dimension=${dimension}`
  const name = texts.dimensions[dimension]
  return (
    <footer className="board-notes">
      <p>
        {texts.board.intervals} <Link to="/about#ratings">{texts.board.how}</Link>
      </p>
      <ul aria-label={texts.board.download}>
        <li>
          <a
            className="button"
            href={`${address}&format=csv`}
            download={`trivium-${dimension}.csv`}
          >
            {name}, {texts.board.csv}
          </a>
        </li>
        <li>
          <a className="button" href={address} download={`trivium-${dimension}.json`}>
            {name}, {texts.board.json}
          </a>
        </li>
        <li>
          <a className="button" href="/api/v1/exports/votes?format=jsonl" download>
            {texts.board.exportVotes}, JSONL
          </a>
        </li>
      </ul>
      <p className="board-cite">
        <strong>{texts.board.citation}</strong>{' '}
        <q>{texts.board.cite(name, board.version, board.generatedAt)}</q>
      </p>
    </footer>
  )
}
