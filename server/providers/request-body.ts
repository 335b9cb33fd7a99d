import { OWN_BODY_FIELDS, type ExtraFields, type Sampling } from '../../shared/schemas/model.ts'
import type { Message } from './provider.ts'

type Body = Record<string, unknown>

/** The sampling that was set, by the names that an API has for it; what it has none for is left out. */
export function namedSampling(
  names: Readonly<Partial<Record<keyof Sampling, string>>>,
  sampling: Sampling,
): Body {
  const body: Body = {}
  for (const [ours, theirs] of Object.entries(names) as [keyof Sampling, string][]) {
    if (sampling[ours] !== undefined) body[theirs] = sampling[ours]
  }
  return body
}

/**
 * A request body with an administrator's further fields. They add and never replace: what the
 * arena set stays as it is, also inside objects that both have.
 */
export function withExtra(body: Body, extra: ExtraFields | undefined): Body {
  if (extra === undefined) return body
  const allowed = Object.entries(extra).filter(([name]) => !OWN_BODY_FIELDS.has(name))
  return merged(body, Object.fromEntries(allowed))
}

function merged(own: Body, extra: Body): Body {
  const result: Body = { ...own }
  for (const [name, value] of Object.entries(extra)) {
    const present = Object.hasOwn(own, name) ? own[name] : undefined
    if (present === undefined) result[name] = value
    else if (isObject(present) && isObject(value)) result[name] = merged(present, value)
  }
  return result
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a model is told apart from the conversation, for APIs that keep it apart; or nothing. */
export function systemText(messages: readonly Message[]): string | undefined {
  const texts = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  return texts.length === 0 ? undefined : texts.join('\n\n')
}
