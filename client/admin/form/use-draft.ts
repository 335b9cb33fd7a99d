import { useCallback, useEffect, useState } from 'react'
import type { ApiError } from '../api.ts'
import type { Draft } from './draft.ts'
import { faultsOf } from './faults.ts'
import type { Fault, FieldPath } from './fields.ts'

/** A form being filled in. */
export type DraftState = {
  readonly draft: Draft
  readonly faults: readonly Fault[]
  readonly set: (path: FieldPath, text: string) => void
  readonly setMany: (change: Partial<Draft>) => void
  /** Starts over from here. */
  readonly reset: (draft: Draft) => void
  /** Shows what is wrong and moves to the first of it. */
  readonly refuse: (faults: readonly Fault[]) => void
  readonly refuseBy: (error: ApiError) => void
}

export const fieldId = (path: FieldPath): string => `field-${path.replace('.', '-')}`

export function useDraft(initial: () => Draft): DraftState {
  const [draft, setDraft] = useState(initial)
  const [{ faults, focus }, setFaults] = useState<{ faults: readonly Fault[]; focus: boolean }>({
    faults: [],
    focus: false,
  })
  const setMany = useCallback((change: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...change }))
    // What is being mended is no longer wrong, as far as anybody knows.
    setFaults((before) => ({
      faults: before.faults.filter(({ path }) => path !== null && !Object.hasOwn(change, path)),
      focus: false,
    }))
  }, [])
  const set = useCallback((path: FieldPath, text: string) => setMany({ [path]: text }), [setMany])
  const reset = useCallback((next: Draft) => {
    setDraft(next)
    setFaults({ faults: [], focus: false })
  }, [])
  const refuse = useCallback(
    (wrong: readonly Fault[]) => setFaults({ faults: wrong, focus: true }),
    [],
  )
  const refuseBy = useCallback((error: ApiError) => refuse(faultsOf(error)), [refuse])

  useEffect(() => {
    if (focus) focusFirst(faults)
  }, [faults, focus])
  return { draft, faults, set, setMany, reset, refuse, refuseBy }
}

/** Moves to the first field that something is wrong with, in the order of the page. */
function focusFirst(faults: readonly Fault[]): void {
  const wrong = new Set(faults.flatMap(({ path }) => (path === null ? [] : fieldId(path))))
  for (const element of document.querySelectorAll<HTMLElement>('[id^="field-"]')) {
    if (!wrong.has(element.id)) continue
    const folded = element.closest('details')
    if (folded !== null) folded.open = true
    element.focus()
    element.scrollIntoView({ block: 'center' })
    return
  }
}
