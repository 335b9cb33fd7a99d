// @vitest-environment happy-dom
import { act, useEffect } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { usePages, type Pages } from '../../../../../client/admin/lists/use-pages.ts'
import { render } from '../../support.ts'

type Item = { id: number }
type Reading = { cursor: string | null; answer: (ids: number[], next: string | null) => void }

const keyOf = ({ id }: Item) => id
let cleanUp: (() => void) | undefined
afterEach(() => {
  cleanUp?.()
  vi.useRealTimers()
})

/** A list whose answers a test gives, when and in the order it likes. */
function source() {
  const readings: Reading[] = []
  const read = (cursor: string | null) =>
    new Promise<Awaited<ReturnType<Parameters<typeof usePages<Item>>[0]['read']>>>((resolve) => {
      readings.push({
        cursor,
        answer: (ids, nextCursor) =>
          resolve({ ok: true, value: { items: ids.map((id) => ({ id })), nextCursor } }),
      })
    })
  return { read, readings }
}

type ListProps = {
  read: ReturnType<typeof source>['read']
  watchMs: number | undefined
  tell: (pages: Pages<Item>) => void
}

function List({ read, watchMs, tell }: ListProps) {
  const pages = usePages({ read, keyOf, watchMs })
  useEffect(() => tell(pages))
  return null
}

async function show(first: ReturnType<typeof source>, watchMs?: number) {
  let pages: Pages<Item> | undefined
  const tell = (shown: Pages<Item>) => {
    pages = shown
  }
  const { rerender, unmount } = await render(
    <List read={first.read} watchMs={watchMs} tell={tell} />,
  )
  cleanUp = unmount
  return {
    pages: () => pages as Pages<Item>,
    ids: () => pages?.items?.map(keyOf) ?? null,
    turnTo: (next: ReturnType<typeof source>) =>
      rerender(<List read={next.read} watchMs={watchMs} tell={tell} />),
  }
}

describe('a list', () => {
  it('is read page by page', async () => {
    const all = source()
    const list = await show(all)
    expect([list.ids(), list.pages().busy]).toEqual([null, true])
    await act(async () => all.readings[0]?.answer([3, 2], '2'))
    expect([list.ids(), list.pages().hasMore]).toEqual([[3, 2], true])
    await act(async () => list.pages().more())
    expect(all.readings[1]?.cursor).toBe('2')
    await act(async () => all.readings[1]?.answer([1], null))
    expect([list.ids(), list.pages().hasMore]).toEqual([[3, 2, 1], false])
  })

  it('drops answers to filters that are no longer set', async () => {
    const [all, some] = [source(), source()]
    const list = await show(all)
    await list.turnTo(some)
    await act(async () => some.readings[0]?.answer([2], null))
    await act(async () => all.readings[0]?.answer([3, 2, 1], null))
    expect(list.ids()).toEqual([2])
  })

  it('marks what comes while somebody watches', async () => {
    vi.useFakeTimers()
    const all = source()
    const list = await show(all, 1000)
    await act(async () => all.readings[0]?.answer([1], null))
    expect(list.pages().fresh.size).toBe(0)
    await act(async () => vi.advanceTimersByTime(1000))
    await act(async () => all.readings[1]?.answer([2, 1], null))
    expect(list.ids()).toEqual([2, 1])
    expect([...list.pages().fresh]).toEqual([2])
  })
})
