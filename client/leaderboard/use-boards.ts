import { useEffect, useMemo, useState } from 'react'
import { BOARD_DIMENSIONS } from '../../shared/dimensions.ts'
import type { Pairs } from '../../shared/schemas/leaderboard.ts'
import type { RequestError } from '../arena/connection.ts'
import { useBoard, useBoardFault } from '../board/use-board.ts'
import { useRecomputed, type Recompute } from '../recompute/use-recomputed.ts'
import { FILTERS, isFromCounts, isOwnBoard, sliceOf, type Address } from './address.ts'
import type { Boards } from './compare.ts'
import { countsOfPairs, leansOnAll, queriesOfCounts, toBoards } from './own-boards.ts'
import { usePairs } from './use-pairs.ts'

/** A slider that moves would ask the arena for a board at every step. */
const SETTLE_MS = 350

/** What the page shows, and where it comes from. */
export type Shown = {
  readonly boards: Boards
  /** `arena`: its boards; `here`: computed in this browser; `before`: what was shown before. */
  readonly from: 'arena' | 'here' | 'before'
  readonly fault: RequestError | null
}

/** All four boards under what is chosen: the arena's, and until they come or where it has none, ours. */
export function useShownBoards(address: Address, prepare: boolean): Shown {
  const arena = useArenaBoards(address)
  const complete = BOARD_DIMENSIONS.every((name) => arena.boards[name] !== null)
  const own = isOwnBoard(address) && isFromCounts(address)
  const wanted = own || (prepare && isFromCounts(address))
  const queries = wanted ? queriesOfCounts(address) : []
  const version = arena.boards.accuracy?.version ?? null
  const { pairs, stale, fault } = usePairs(queries, version)
  const missing = own || !complete
  const job = useMemo(
    () => (missing && pairs !== null && !stale ? jobOf(address, pairs) : null),
    [missing, pairs, stale, address],
  )
  const recomputed = useRecomputed(job)
  const here = useMemo(
    () =>
      job !== null && recomputed?.key === job.key && pairs !== null
        ? toBoards(recomputed.boards, pairs, arena.boards)
        : null,
    [job, recomputed, pairs, arena.boards],
  )
  const now: Shown | null =
    here !== null && missing
      ? { boards: here, from: 'here', fault: null }
      : complete && !own
        ? { boards: arena.boards, from: 'arena', fault: null }
        : null
  const [held, setHeld] = useState<Shown | null>(null)
  if (now !== null && held?.boards !== now.boards) setHeld(now)
  if (now !== null) return now
  if (arena.fault !== null) return { boards: arena.boards, from: 'arena', fault: arena.fault }
  if (own && fault !== null) return { boards: NONE, from: 'here', fault }
  if (held !== null) return { ...held, from: 'before' }
  // The arena's board is not what was asked for where the reader wants one of their own.
  return { boards: own ? NONE : arena.boards, from: 'arena', fault: null }
}

const NONE: Boards = { overall: null, accuracy: null, helpfulness: null, language: null }

function jobOf(address: Address, pairs: readonly Pairs[]): Recompute | null {
  const counts = countsOfPairs(pairs)
  if (counts === null || address.method === 'elo') return null
  const { method, ties, weights, without, anchor } = address
  const options = { method, ties, weights, without, anchor }
  const versions = pairs.map((each) => each.version).join()
  return {
    key: JSON.stringify([options, queriesOfCounts(address), versions, leansOnAll(address)]),
    ...counts,
    options,
  }
}

/** The arena's boards, live. */
function useArenaBoards(address: Address): { boards: Boards; fault: RequestError | null } {
  const weights = useSettled(address.weights)
  const chosen = { ...address, weights: weights.value }
  const overallSlice = sliceOf(chosen, 'overall')
  const accuracySlice = sliceOf(chosen, 'accuracy')
  const overall = useBoard(overallSlice)
  const accuracy = useBoard(accuracySlice)
  const helpfulness = useBoard(sliceOf(chosen, 'helpfulness'))
  const language = useBoard(sliceOf(chosen, 'language'))
  const faults = [useBoardFault(accuracySlice), useBoardFault(overallSlice)]
  // While a slider still moves, the held board is one of other weights.
  const current = weights.settled ? overall : null
  const boards = useMemo(
    () => ({ overall: current, accuracy, helpfulness, language }),
    [current, accuracy, helpfulness, language],
  )
  return { boards, fault: faults.find((fault) => fault !== null) ?? null }
}

/** A value once it has not changed for a moment. */
function useSettled<T>(value: T): { value: T; settled: boolean } {
  const key = JSON.stringify(value)
  const [held, setHeld] = useState({ key, value })
  useEffect(() => {
    if (held.key === key) return undefined
    const timer = setTimeout(() => setHeld({ key, value: JSON.parse(key) as T }), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [key, held.key])
  return { value: held.value, settled: held.key === key }
}

/** What is shown, or what was shown when the reader pressed "pause". */
export function usePaused(
  address: Address,
  shown: Shown,
): {
  shown: Shown
  paused: boolean
  /** How many votes have come in since the pause. */
  waiting: number
  togglePause: () => void
} {
  const [held, setHeld] = useState<{ shown: Shown; filters: string } | null>(null)
  // Other filters are another board: to go on showing the old one under them would be wrong.
  const filters = JSON.stringify(FILTERS.map((name) => address[name]))
  const frozen = held?.filters === filters ? held.shown : null
  const waiting =
    frozen === null ? 0 : (shown.boards.overall?.votes ?? 0) - (frozen.boards.overall?.votes ?? 0)
  return {
    shown: frozen ?? shown,
    paused: frozen !== null,
    waiting,
    togglePause: () => setHeld(frozen === null ? { shown, filters } : null),
  }
}
