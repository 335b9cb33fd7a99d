import type { AdminModel, ModelStatus } from '../../../shared/schemas/model.ts'
import { MODEL_STATUS_ORDER } from './statuses.ts'

/** Which models are shown, as it stands in the address. */
export type ListFilter = {
  /** Words that a model's names, ids or tags hold. */
  readonly text: string
  readonly status: ModelStatus | null
  readonly organization: string | null
  readonly retired: boolean
}

export function readFilter(query: URLSearchParams): ListFilter {
  const status = MODEL_STATUS_ORDER.find((each) => each === query.get('status')) ?? null
  return {
    text: query.get('q') ?? '',
    status,
    organization: query.get('organization'),
    // Who asks for the retired ones by status sees them.
    retired: query.get('retired') === '1' || status === 'retired',
  }
}

/** The address with other filters; what is as usual is left out, all else stays. */
export function writeFilter(query: URLSearchParams, change: Partial<ListFilter>): URLSearchParams {
  const next = new URLSearchParams(query)
  const { text, status, organization, retired } = { ...readFilter(query), ...change }
  const set = (name: string, value: string | null) =>
    value === null || value === '' ? next.delete(name) : next.set(name, value)
  set('q', text)
  set('status', status)
  set('organization', organization)
  set('retired', retired && status !== 'retired' ? '1' : null)
  return next
}

/** The models that a filter leaves. */
export function filterModels(
  models: readonly AdminModel[],
  { text, status, organization, retired }: ListFilter,
): readonly AdminModel[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter((model) => {
    if (!retired && model.retired !== null) return false
    if (status !== null && model.status !== status) return false
    if (organization !== null && model.organization !== organization) return false
    const haystack = [
      model.slug,
      model.name,
      model.organization,
      model.provider.model,
      model.provider.baseUrl ?? '',
      ...model.tags,
    ]
      .join(' ')
      .toLowerCase()
    return words.every((word) => haystack.includes(word))
  })
}
