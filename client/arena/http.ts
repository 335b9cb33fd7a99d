import type { Problem } from '../../shared/errors.ts'
import type { BattleSummary, BattleView } from '../../shared/schemas/battle.ts'
import type { Page } from '../../shared/schemas/common.ts'
import type { History, Pairs } from '../../shared/schemas/leaderboard.ts'
import type { ModelCard, ModelVersions } from '../../shared/schemas/model.ts'
import type { Ready } from '../../shared/schemas/system.ts'
import { texts } from '../texts/en.ts'
import type { RequestError } from './connection.ts'

/** The answer to an HTTP read, or why there is none, in words. */
export type Fetched<T> = { ok: true; value: T } | { ok: false; error: RequestError }

/** Reads JSON from the arena. Never throws: whoever asks has to say what went wrong. */
export async function getJson<T>(path: string): Promise<Fetched<T>> {
  try {
    const response = await fetch(path, { headers: { accept: 'application/json' } })
    // Readiness is told in a body whatever the status; everything else fails as a problem.
    if (response.ok || path.startsWith('/health/')) {
      return { ok: true, value: (await response.json()) as T }
    }
    const problem = (await response.json()) as Partial<Problem>
    return {
      ok: false,
      error: {
        code: problem.code ?? 'internal',
        message: problem.detail ?? problem.title ?? texts.trouble.noAnswer,
        retryable: problem.retryable ?? response.status >= 500,
      },
    }
  } catch {
    return {
      ok: false,
      error: { code: 'connection_lost', message: texts.trouble.noAnswer, retryable: true },
    }
  }
}

export const getBattle = (id: string) =>
  getJson<BattleView>(`/api/v1/battles/${encodeURIComponent(id)}`)

export const getReady = () => getJson<Ready>('/health/ready')

/** Pages of models that are read at most: many more than a page of them can show. */
const MOST_PAGES = 10

/** Every model, retired ones too. */
export async function getModels(): Promise<Fetched<Page<ModelCard>>> {
  const items: ModelCard[] = []
  let cursor: string | null = null
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const fetched = await getJson<Page<ModelCard>>(`/api/v1/models?limit=200${query}`)
    if (!fetched.ok) return fetched
    items.push(...fetched.value.items)
    cursor = fetched.value.nextCursor
    if (cursor === null) break
  }
  return { ok: true, value: { items, nextCursor: cursor } }
}

export const getModel = (slug: string) =>
  getJson<ModelCard>(`/api/v1/models/${encodeURIComponent(slug)}`)

/** The versions of a model, each with its own ratings: the newest first. */
export const getVersions = (slug: string) =>
  getJson<ModelVersions>(`/api/v1/models/${encodeURIComponent(slug)}/versions`)

/** Battles of a model that everybody may read. */
export const getReleasedBattles = (slug: string) =>
  getJson<Page<BattleSummary>>(`/api/v1/battles?model=${encodeURIComponent(slug)}&limit=5`)

/** @param query the slice, as in a leaderboard's query */
export const getPairs = (query: string) => getJson<Pairs>(`/api/v1/pairs?${query}`)

export const getHistory = (query: string) =>
  getJson<History>(`/api/v1/leaderboard/history?${query}`)

/** @param about narrows the list down: `model`, `opponent` */
export const getMyBattles = (cursor: string | null, about: Record<string, string> = {}) =>
  getJson<Page<BattleSummary>>(
    `/api/v1/battles?${new URLSearchParams({ mine: '1', limit: '30', ...about, ...(cursor === null ? {} : { cursor }) }).toString()}`,
  )
