import { isDeepStrictEqual } from 'node:util'
import type { Model } from './model.ts'

const MAX_CHARACTERS = 200

/** What an act changed, field by field, as the audit log keeps it: `{ from, to }` by the field's path. */
export type AuditDetails = Record<string, unknown>

/**
 * What is different about a model, without secrets: of a key it says only that it was changed. Long
 * values are shortened.
 *
 * @param before undefined if it was registered just now
 */
export function changesOf(before: Model | undefined, after: Model): AuditDetails {
  const old = before === undefined ? {} : fieldsOf(before)
  const details: AuditDetails = {}
  const fields = fieldsOf(after)
  for (const name of new Set([...Object.keys(old), ...Object.keys(fields)])) {
    const [from, to] = [old[name] ?? null, fields[name] ?? null]
    if (!isDeepStrictEqual(from, to)) details[name] = { from: shortened(from), to: shortened(to) }
  }
  if ((before?.sealedKey ?? null) !== after.sealedKey) {
    details['apiKey'] =
      after.sealedKey === null
        ? 'removed'
        : (before?.sealedKey ?? null) === null
          ? 'added'
          : 'changed'
  }
  return details
}

/** The fields that administrators set, the nested ones by their paths. */
function fieldsOf(model: Model): Record<string, unknown> {
  const { current } = model
  return {
    name: model.name,
    organization: model.organization,
    license: model.license,
    description: model.description,
    ...nested('provider', current.provider),
    systemPrompt: current.systemPrompt,
    answerPrefix: current.answerPrefix,
    ...nested('sampling', current.sampling),
    ...nested('caps', current.caps),
    weight: model.weight,
    enabled: model.enabled,
    pausedReason: model.paused?.reason ?? null,
    ...nested('limits', model.limits),
    ...nested('prices', model.prices ?? {}),
    tags: model.tags.length === 0 ? null : model.tags,
    links: model.links.length === 0 ? null : model.links,
    version: current.version,
    retiredReason: model.retired?.reason ?? null,
  }
}

function nested(name: string, fields: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [`${name}.${field}`, value as unknown]),
  )
}

function shortened(value: unknown): unknown {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (text.length <= MAX_CHARACTERS) return value
  return `${text.slice(0, MAX_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')}… (${text.length} characters)`
}
