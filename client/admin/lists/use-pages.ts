import { useCallback, useEffect, useRef, useState } from 'react'
import type { Page } from '../../../shared/schemas/common.ts'
import type { Answer, ApiError } from '../api.ts'
import { withMore, withNewest, type Held, type Key } from './merge.ts'

/** A list that is read page by page. */
export type Pages<T> = {
  /** Null until the first page is there; those of other filters stay until it is. */
  readonly items: readonly T[] | null
  readonly hasMore: boolean
  readonly busy: boolean
  /** Why the last read failed; what was read before stays. */
  readonly error: ApiError | null
  /** What came while somebody was watching. */
  readonly fresh: ReadonlySet<Key>
  /** Reads the next page. */
  readonly more: () => void
  /** Reads again what failed. */
  readonly retry: () => void
  /** Puts an item in the place of the one with the same key. */
  readonly replace: (item: T) => void
}

type Read<T> = (cursor: string | null) => Promise<Answer<Page<T>>>

type Options<T> = {
  /** Stable for as long as the same list is meant: another one begins it anew. */
  readonly read: Read<T>
  /** Stable. */
  readonly keyOf: (item: T) => Key
  /** Reads the first page again so often while the page is visible; not where it is left out. */
  readonly watchMs?: number | undefined
  /** The first page is all there is: what is no longer in it is gone. */
  readonly whole?: boolean
}

type State<T> = {
  /** Which list this is; null before there is one. */
  readonly of: Read<T> | null
  readonly held: Held<T> | null
  readonly error: ApiError | null
  /** The next page is on its way. */
  readonly busy: boolean
  readonly fresh: ReadonlySet<Key>
}

const NONE: ReadonlySet<Key> = new Set()

/** Reads a list page by page and, where that is wanted, keeps its beginning up to date. */
export function usePages<T>({ read, keyOf, watchMs, whole = false }: Options<T>): Pages<T> {
  const [state, setState] = useState<State<T>>({
    of: null,
    held: null,
    error: null,
    busy: false,
    fresh: NONE,
  })
  // Answers to what is no longer wanted are dropped.
  const wanted = useRef(read)
  const current = state.of === read
  const cursor = current ? (state.held?.cursor ?? null) : null

  const begin = useCallback(async () => {
    const answer = await read(null)
    if (wanted.current !== read) return
    setState({
      of: read,
      held: answer.ok ? { items: answer.value.items, cursor: answer.value.nextCursor } : null,
      error: answer.ok ? null : answer.error,
      busy: false,
      fresh: NONE,
    })
  }, [read])

  const goOn = async (after: string) => {
    setState((before) => ({ ...before, busy: true }))
    const answer = await read(after)
    if (wanted.current !== read) return
    setState((before) => {
      if (!answer.ok || before.held === null) {
        return { ...before, busy: false, error: answer.ok ? null : answer.error }
      }
      return {
        ...before,
        busy: false,
        error: null,
        held: withMore(before.held, answer.value, keyOf),
      }
    })
  }

  const refresh = useCallback(async () => {
    const answer = await read(null)
    if (wanted.current !== read || !answer.ok) return
    setState((before) => {
      if (before.of !== read || before.held === null) return before
      const { held, added } = withNewest(before.held, answer.value, keyOf)
      return {
        ...before,
        held: whole ? { items: answer.value.items, cursor: answer.value.nextCursor } : held,
        fresh: added.length === 0 ? before.fresh : new Set([...before.fresh, ...added]),
        error: null,
      }
    })
  }, [read, keyOf, whole])

  useEffect(() => {
    wanted.current = read
    void begin()
  }, [read, begin])

  useEffect(() => {
    if (watchMs === undefined) return undefined
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void refresh()
    }, watchMs)
    return () => clearInterval(timer)
  }, [watchMs, refresh])

  return {
    items: state.held?.items ?? null,
    hasMore: cursor !== null,
    busy: state.busy || !current,
    error: current ? state.error : null,
    fresh: current ? state.fresh : NONE,
    more: () => {
      if (cursor !== null && !state.busy) void goOn(cursor)
    },
    retry: () => void (cursor === null ? begin() : goOn(cursor)),
    replace: (item) =>
      setState((before) => {
        if (before.held === null) return before
        const items = before.held.items.map((each) => (keyOf(each) === keyOf(item) ? item : each))
        return { ...before, held: { ...before.held, items } }
      }),
  }
}
