import { useEffect, useRef, type ReactNode } from 'react'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { announce } from '../../ui/announcer.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Pages } from './use-pages.ts'
import './lists.css'

const { list } = moreTexts

type Props<T> = {
  pages: Pages<T>
  /** What is said where there is nothing. */
  empty: ReactNode
  /** Said to screen readers when something new came. */
  arrived?: (count: number) => string
  children: (items: readonly T[]) => ReactNode
}

/** The states of a list: being read, empty, failed, there; and the way to its next page. */
export function ListFrame<T>({ pages, empty, arrived, children }: Props<T>) {
  const { items, error, busy, hasMore, fresh } = pages
  useArrivals(fresh.size, arrived)
  return (
    <div className="list-frame" aria-busy={busy}>
      {error !== null && <Trouble message={error.message} onRetry={pages.retry} />}
      {items === null && error === null && <ListLoading />}
      {items?.length === 0 && error === null && <div className="list-empty">{empty}</div>}
      {items !== null && items.length > 0 && children(items)}
      {hasMore && (
        <button
          type="button"
          className="button list-more"
          aria-disabled={busy}
          onClick={pages.more}
        >
          {busy ? list.loading : list.more}
        </button>
      )}
    </div>
  )
}

/** What went wrong, and another try. */
export function Trouble({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <Notice title={message}>
      <button type="button" className="button" onClick={onRetry}>
        <Icon name="retry" /> {list.retry}
      </button>
    </Notice>
  )
}

/** Stands where the rows will be. */
export function ListLoading({ rows = 6 }: { rows?: number }) {
  return (
    <div className="list-loading" role="status">
      <span className="visually-hidden">{list.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} aria-hidden="true" />
      ))}
    </div>
  )
}

function useArrivals(fresh: number, words: ((count: number) => string) | undefined): void {
  const told = useRef(0)
  useEffect(() => {
    if (fresh > told.current && words !== undefined) announce(words(fresh - told.current))
    told.current = fresh
  }, [fresh, words])
}
