import { useState } from 'react'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { announce } from '../../ui/announcer.tsx'
import { useAdmin } from '../session.tsx'
import type { WeightChange } from './draw.ts'

const { weights } = moreTexts

/** What became of one change. */
export type Written = { readonly change: WeightChange; readonly fault: string | null }

export type Saving = {
  readonly step: 'idle' | 'saving' | 'undoing'
  /** What the last save did, model by model. */
  readonly written: readonly Written[] | null
  readonly wasUndo: boolean
  readonly save: (changes: readonly WeightChange[]) => Promise<void>
  /** Takes back what the last save wrote. */
  readonly undo: () => Promise<void>
  /** Puts the report of the last save away. */
  readonly dismiss: () => void
}

/** Writes weights, model by model, and can take them back. */
export function useSaving(onWritten: (slugs: ReadonlySet<string>) => Promise<void>): Saving {
  const { api } = useAdmin()
  const [state, setState] = useState<Pick<Saving, 'step' | 'written' | 'wasUndo'>>({
    step: 'idle',
    written: null,
    wasUndo: false,
  })

  const write = async (changes: readonly WeightChange[], wasUndo: boolean) => {
    setState((before) => ({ ...before, step: wasUndo ? 'undoing' : 'saving' }))
    const written: Written[] = []
    // One after another: the audit log tells them in the order of the list.
    for (const change of changes) {
      const answer = await api.patch(`/models/${encodeURIComponent(change.slug)}`, change.to)
      written.push({ change, fault: answer.ok ? null : answer.error.message })
    }
    const done = written.filter(({ fault }) => fault === null)
    await onWritten(new Set(done.map(({ change }) => change.slug)))
    setState({ step: 'idle', written, wasUndo })
    announce(wasUndo ? weights.undone(done.length) : weights.saved(done.length))
  }

  return {
    ...state,
    save: (changes) => write(changes, false),
    undo: () =>
      write(
        (state.written ?? []).flatMap(({ change, fault }) =>
          fault === null ? [{ ...change, from: change.to, to: change.from }] : [],
        ),
        true,
      ),
    dismiss: () => setState((before) => ({ ...before, written: null })),
  }
}
