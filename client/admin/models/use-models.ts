import { useCallback } from 'react'
import type { Page } from '../../../shared/schemas/common.ts'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import type { AdminApi, Answer } from '../api.ts'
import { useAdmin } from '../session.tsx'
import { usePolled, type Polled } from '../use-polled.ts'

const EVERY_MS = 5000

/** All models, read page by page. */
async function readModels(api: AdminApi): Promise<Answer<readonly AdminModel[]>> {
  const models: AdminModel[] = []
  let cursor: string | null = null
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: Answer<Page<AdminModel>> = await api.get(`/models?limit=200${after}`)
    if (!page.ok) return page
    models.push(...page.value.items)
    cursor = page.value.nextCursor
  } while (cursor !== null)
  return { ok: true, value: models }
}

/** The models, asked for every five seconds while the page can be seen. */
export function useModels(): Polled<readonly AdminModel[]> {
  const { api } = useAdmin()
  return usePolled(
    useCallback(() => readModels(api), [api]),
    EVERY_MS,
  )
}
