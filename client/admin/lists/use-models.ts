import { useCallback } from 'react'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { useAdmin } from '../session.tsx'
import { useAnswer } from './use-answer.ts'

/** All models, for choosing one of them and for their names. */
export function useModels(): {
  readonly models: readonly AdminModel[]
  /** What a slug is called; the slug itself where that is not known. */
  readonly nameOf: (slug: string) => string
} {
  const { api } = useAdmin()
  const { value } = useAnswer(
    useCallback(() => api.get<{ items: AdminModel[] }>('/models?limit=200'), [api]),
  )
  const models = value?.items ?? NONE
  return {
    models,
    nameOf: (slug) => models.find((model) => model.slug === slug)?.name ?? slug,
  }
}

const NONE: readonly AdminModel[] = []
