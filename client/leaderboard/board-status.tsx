import type { Board } from '../../shared/schemas/leaderboard.ts'
import { useConnectionStatus } from '../arena/use-connection.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'

type Props = { board: Board; paused: boolean; waiting: number; onToggle: () => void }

/** Whether the board is live, of which version it is, and a way to make it hold still. */
export function BoardStatus({ board, paused, waiting, onToggle }: Props) {
  const online = useConnectionStatus() === 'online'
  const state = paused
    ? texts.board.paused(waiting)
    : online
      ? texts.board.live
      : texts.board.offline
  return (
    <p className="board-status figures">
      <span className="board-live" data-on={(online && !paused) || undefined}>
        {state}
      </span>
      <span>{texts.board.votes(board.votes)}</span>
      <span data-testid="board-version" data-version={board.version}>
        {texts.board.version(board.version)}
      </span>
      <button type="button" className="button" data-kind="quiet" onClick={onToggle}>
        <Icon name={paused ? 'play' : 'pause'} />
        {paused ? texts.board.resume : texts.board.pause}
      </button>
    </p>
  )
}
