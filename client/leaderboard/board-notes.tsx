import type { Board } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Icon } from '../ui/icon.tsx'
import { summaryOf } from './summary.ts'
import type { Address } from './address.ts'
import { Downloads, type DataFile } from './downloads.tsx'
import type { Figure } from '../figures/svg.ts'

type Props = {
  address: Address
  board: Board
  /** What the files and the citation are of. */
  title: string
  name: string
  csv: DataFile | null
  json: DataFile | null
  figure: (() => Figure | null) | null
}

/** Under what is shown: its files, all votes, and how to cite it. */
export function BoardNotes({ address, board, title, name, csv, json, figure }: Props) {
  const citation = boardTexts.cite(title, summaryOf(address), board.version, board.generatedAt)
  return (
    <footer className="board-notes">
      <div className="board-files">
        <span>{boardTexts.download}</span>
        <Downloads name={name} csv={csv} json={json} figure={figure} />
        <a className="button" data-kind="quiet" href="/api/v1/exports/votes?format=jsonl" download>
          <Icon name="download" /> {boardTexts.exportVotes}
        </a>
      </div>
      <p className="board-cite">
        <strong>{boardTexts.citation}</strong> <q>{citation}</q>
        <CopyButton label={boardTexts.copyCitation} text={citation} />
      </p>
    </footer>
  )
}
