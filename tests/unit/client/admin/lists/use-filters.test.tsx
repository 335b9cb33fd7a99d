// @vitest-environment happy-dom
import { act, useEffect } from 'react'
import { BrowserRouter } from 'react-router'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useFilters } from '../../../../../client/admin/lists/use-filters.ts'
import { render } from '../../support.ts'

const NAMES = ['model', 'kind'] as const
type Filters = ReturnType<typeof useFilters<(typeof NAMES)[number]>>

let filters: Filters | undefined
let cleanUp: (() => void) | undefined
const tell = (shown: Filters) => {
  filters = shown
}

function Probe() {
  const shown = useFilters(NAMES)
  useEffect(() => tell(shown))
  return null
}

async function show(search: string) {
  history.replaceState(null, '', `/list${search}`)
  const { unmount } = await render(
    <BrowserRouter>
      <Probe />
    </BrowserRouter>,
  )
  cleanUp = unmount
}

beforeEach(() => {
  filters = undefined
})
afterEach(() => cleanUp?.())

describe('filters', () => {
  it('are read from the address', async () => {
    await show('?kind=timeout&page=2')
    expect(filters?.filters).toEqual({ model: '', kind: 'timeout' })
    expect(filters?.query).toBe('kind=timeout')
  })

  it('keep a first choice when a second one follows at once, and what is not theirs', async () => {
    await show('?page=2')
    await act(async () => {
      filters?.set({ model: 'a' })
      filters?.set({ kind: 'timeout' })
    })
    expect(location.search).toBe('?page=2&model=a&kind=timeout')
    expect(filters?.query).toBe('model=a&kind=timeout')
  })

  it('are taken away by an empty text', async () => {
    await show('?model=a&kind=timeout')
    await act(async () => filters?.set({ model: '', kind: '' }))
    expect(location.search).toBe('')
    expect(filters?.filters).toEqual({ model: '', kind: '' })
  })
})
