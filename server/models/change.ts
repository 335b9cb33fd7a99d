import { isDeepStrictEqual } from 'node:util'
import { failure } from '../../shared/errors.ts'
import {
  keylessProviderSchema,
  providerSchema,
  type Change,
  type KeylessProviderInput,
  type Prices,
  type ProviderDefinition,
  type ProviderInput,
  type Registration,
} from '../../shared/schemas/model.ts'
import { FailureError } from '../http/failure.ts'
import { toInvalidInput } from '../http/issues.ts'
import { supportsAnswerPrefix } from '../providers/capabilities.ts'
import { effectiveBaseUrl } from '../providers/effective-base-url.ts'
import { inputCharacters } from './conversation.ts'
import { withVersion, type Model, type ModelVersion } from './model.ts'

/** A provider as it is stored, and the key that came with it. */
export type SplitProvider = { provider: ProviderDefinition; apiKey: string | undefined }

/** Takes the key out of what was sent, and brings the address into one form. */
export function splitProvider(input: ProviderInput | KeylessProviderInput): SplitProvider {
  if (input.kind === 'onnx') {
    return { provider: { kind: input.kind, model: input.model }, apiKey: undefined }
  }
  const { apiKey, baseUrl, ...rest } = input
  const address = baseUrl === undefined ? {} : { baseUrl: normalBaseUrl(baseUrl) }
  return { provider: defined({ ...rest, ...address }) as ProviderDefinition, apiKey }
}

/** A model as it is first registered, still without its key. */
export function newModel(
  input: Omit<Registration, 'provider'>,
  provider: ProviderDefinition,
  now: number,
): Model {
  const current: ModelVersion = {
    version: 1,
    createdAt: now,
    provider,
    systemPrompt: input.systemPrompt ?? null,
    answerPrefix: input.answerPrefix ?? null,
    sampling: input.sampling ?? {},
    caps: input.caps ?? {},
  }
  const enabled = input.enabled ?? true
  return {
    slug: input.slug,
    name: input.name,
    organization: input.organization,
    license: input.license,
    description: input.description ?? null,
    weight: input.weight ?? 1,
    enabled,
    paused: enabled ? null : { at: now, reason: null },
    limits: input.limits ?? {},
    prices: input.prices ?? null,
    tags: input.tags ?? [],
    links: input.links ?? [],
    sealedKey: null,
    createdAt: now,
    updatedAt: now,
    retired: null,
    current,
    versions: new Map([[current.version, current]]),
  }
}

/**
 * A partial provider of the same kind laid over the stored one, whose key may be stored too; of
 * another kind, or with nothing stored, it is whole.
 */
export function mergeProvider(
  stored: ProviderDefinition | undefined,
  change: NonNullable<Change['provider']>,
): SplitProvider {
  const sameKind = stored !== undefined && (change.kind ?? stored.kind) === stored.kind
  const merged = withoutNulls(sameKind ? { ...stored, ...defined(change) } : defined(change))
  const parsed = (sameKind ? keylessProviderSchema : providerSchema).safeParse(merged)
  if (parsed.success) return splitProvider(parsed.data)
  throw new FailureError(toInvalidInput(parsed.error, ['provider']))
}

/** The model with a change applied; what answers gets a new version if it is another. */
export function applyChange(
  model: Model,
  change: Change,
  provider: ProviderDefinition,
  now: number,
): Model {
  const { current } = model
  const next: ModelVersion = {
    version: current.version,
    createdAt: current.createdAt,
    provider,
    systemPrompt: orStored(change.systemPrompt, current.systemPrompt),
    answerPrefix: orStored(change.answerPrefix, current.answerPrefix),
    sampling: change.sampling === undefined ? current.sampling : (change.sampling ?? {}),
    caps: mergeGroup(current.caps, change.caps),
  }
  const enabled = change.enabled ?? model.enabled
  const changed: Model = {
    ...model,
    name: change.name ?? model.name,
    organization: change.organization ?? model.organization,
    license: change.license ?? model.license,
    description: orStored(change.description, model.description),
    weight: change.weight ?? model.weight,
    enabled,
    paused: enabled ? null : (model.paused ?? { at: now, reason: null }),
    limits: mergeGroup(model.limits, change.limits),
    prices: mergePrices(model.prices, change.prices),
    tags: change.tags === undefined ? model.tags : (change.tags ?? []),
    links: change.links === undefined ? model.links : (change.links ?? []),
    updatedAt: now,
  }
  if (isDeepStrictEqual(next, current)) return changed
  return withVersion(changed, { ...next, version: current.version + 1, createdAt: now })
}

/** What a change names laid over what is stored; null takes a field away, or all of them. */
function mergeGroup<T extends object>(
  stored: T,
  change: { readonly [K in keyof T]: T[K] | null } | null | undefined,
): T {
  if (change === undefined) return stored
  return change === null ? ({} as T) : (withoutNulls({ ...stored, ...defined(change) }) as T)
}

/** @throws FailureError `invalid_input` where one price is given and nobody knows the other */
function mergePrices(stored: Prices | null, change: Change['prices']): Prices | null {
  if (change === undefined || change === null) return orStored(change, stored)
  const merged = { ...stored, ...defined(change) }
  if (Object.keys(merged).length === 0) return null
  for (const name of ['inputPerMillion', 'outputPerMillion'] as const) {
    if (merged[name] === undefined) throw invalid(`prices.${name}`, 'is missing')
  }
  return merged as Prices
}

/** @throws FailureError `invalid_input` for what is wrong with a model only as a whole */
export function checkWhole(model: Model): void {
  const { limits, prices, current } = model
  if (limits.costPerDay !== undefined && prices === null) {
    throw invalid(
      'limits.costPerDay',
      'needs prices: without them nobody knows what an answer costs',
    )
  }
  if (current.answerPrefix !== null && !supportsAnswerPrefix(current.provider)) {
    throw invalid('answerPrefix', 'this provider cannot go on from the first words of an answer')
  }
  const { maxInputCharacters = Infinity } = current.caps
  if (inputCharacters(current, 1) > maxInputCharacters) {
    throw invalid('caps.maxInputCharacters', 'the system prompt alone is longer')
  }
}

function invalid(field: string, message: string): FailureError {
  const details = { field, fields: [{ field, message }] }
  return new FailureError(failure('invalid_input', `${field}: ${message}`, details))
}

/** Whether a stored key may go on being used: only for the very place it was given for. */
export function keepsKey(stored: ProviderDefinition, next: ProviderDefinition): boolean {
  return stored.kind === next.kind && effectiveBaseUrl(stored) === effectiveBaseUrl(next)
}

function orStored<T>(value: T | null | undefined, stored: T | null): T | null {
  return value === undefined ? stored : value
}

function defined(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function withoutNulls(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

function normalBaseUrl(baseUrl: string): string {
  return new URL(baseUrl).href.replace(/\/+$/, '')
}
