import { createContext, use } from 'react'
import type { DraftState } from './use-draft.ts'

/** What the fields of a form share. */
export type FormState = Pick<DraftState, 'draft' | 'faults' | 'set' | 'setMany'> & {
  /** Whether a key is stored that goes on being used. */
  readonly keyStored: boolean
  /** Why nothing can be changed; undefined if it can. */
  readonly locked: string | undefined
}

const FormContext = createContext<FormState | null>(null)
export const FormProvider = FormContext

/** The form that a field belongs to. */
export function useForm(): FormState {
  const form = use(FormContext)
  if (form === null) throw new Error('a field stands outside of a form')
  return form
}
