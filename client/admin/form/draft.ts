import type { AdminModel } from '../../../shared/schemas/model.ts'
import { FIELD_PATHS, type FieldPath } from './fields.ts'

/** What stands in the fields, as typed. */
export type Draft = Readonly<Record<FieldPath, string>>

/** A new model, nothing filled in but what is usual. */
export function emptyDraft(): Draft {
  const empty = Object.fromEntries(FIELD_PATHS.map((path) => [path, ''])) as Record<
    FieldPath,
    string
  >
  return { ...empty, 'provider.kind': 'openai-compatible', weight: '1', enabled: 'true' }
}

/** A registered model, as it would be typed in. Its key is not known and stays as it is. */
export function draftOf(model: AdminModel): Draft {
  const draft: Record<string, string> = { ...emptyDraft() }
  for (const path of FIELD_PATHS) draft[path] = asText(path, valueAt(model, path))
  return draft as Draft
}

function valueAt(model: AdminModel, path: FieldPath): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) => (isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined),
      model,
    )
}

function asText(path: FieldPath, value: unknown): string {
  if (value === undefined || value === null) return ''
  if (path === 'tags') return (value as string[]).join(', ')
  if (path === 'links') {
    return (value as AdminModel['links']).map(({ label, url }) => `${label} ${url}`).join('\n')
  }
  if (typeof value === 'object') return JSON.stringify(value, null, 2)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
