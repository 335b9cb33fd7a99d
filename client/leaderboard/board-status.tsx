import type { Ties } from '../../shared/ratings/outcomes.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { useConnectionStatus } from '../arena/use-connection.ts'
import { boardTexts } from '../texts/en-board.ts'
import { Icon } from '../ui/icon.tsx'
import { MadeDialog } from './made-dialog.tsx'
import type { Shown } from './use-boards.ts'

type Props = {
  board: Board
  /** What "how these numbers are made" is about. */
  boards: readonly Board[]
  from: Shown['from']
  /** Whether the arena has a board of its own for this. */
  published: boolean
  ties: Ties
  paused: boolean
  waiting: number
  onToggle: () => void
}

/** Whether the board is live, of which version it is, and a way to make it hold still. */
export function BoardStatus(props: Props) {
  const { board, boards, from, published, ties, paused, waiting, onToggle } = props
  const online = useConnectionStatus() === 'online'
  const state = paused ? boardTexts.paused(waiting) : online ? boardTexts.live : boardTexts.offline
  const { intervals } = board
  const behind =
    from === 'arena' && intervals.kind === 'clustered' && intervals.version < board.version
  return (
    <div className="board-status figures">
      <span className="board-live" data-on={(online && !paused) || undefined}>
        {state}
      </span>
      <span>
        {from === 'here' || board.slice.dimension !== 'overall'
          ? boardTexts.verdicts(board.votes)
          : boardTexts.votes(board.votes)}
      </span>
      <span data-testid="board-version" data-version={board.version} data-from={from}>
        {boardTexts.version(board.version)}
        {behind && ` (${boardTexts.intervalsBehind(intervals.version)})`}
      </span>
      {from === 'before' && <span>{boardTexts.computing}</span>}
      <MadeDialog boards={boards} ties={ties} here={from === 'here'} />
      <button type="button" className="button board-pause" data-kind="quiet" onClick={onToggle}>
        <Icon name={paused ? 'play' : 'pause'} />
        <span>{paused ? boardTexts.resume : boardTexts.pause}</span>
      </button>
      {from === 'here' && (
        <p className="board-here" role="status" data-testid="computed-here">
          {boardTexts.here(board.votes)} {published ? boardTexts.hereSoon : boardTexts.hereOnly}
        </p>
      )}
    </div>
  )
}
