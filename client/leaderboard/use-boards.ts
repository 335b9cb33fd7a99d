import { useState } from 'react'
import { useBoard } from '../board/use-board.ts'
import type { Boards } from './compare.ts'

/** All four boards, live, or as they were when the reader pressed "pause". */
export function useBoards(): {
  boards: Boards
  paused: boolean
  /** How many votes have come in since the pause. */
  waiting: number
  togglePause: () => void
} {
  const live: Boards = {
    overall: useBoard('overall'),
    accuracy: useBoard('accuracy'),
    helpfulness: useBoard('helpfulness'),
    language: useBoard('language'),
  }
  const [frozen, setFrozen] = useState<Boards | null>(null)
  const waiting = frozen === null ? 0 : (live.overall?.votes ?? 0) - (frozen.overall?.votes ?? 0)
  return {
    boards: frozen ?? live,
    paused: frozen !== null,
    waiting,
    togglePause: () => setFrozen(frozen === null ? live : null),
  }
}
