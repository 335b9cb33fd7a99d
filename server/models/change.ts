import { isDeepStrictEqual } from 'node:util'
import { failure } from '../../shared/errors.ts'
import {
  providerSchema,
  type Change,
  type ProviderDefinition,
  type ProviderInput,
  type Registration,
} from '../../shared/schemas/model.ts'
import { FailureError } from '../http/failure.ts'
import { baseUrlOf, withVersion, type Model, type ModelVersion } from './model.ts'

/** A provider as it is stored, and the key that came with it. */
export type SplitProvider = { provider: ProviderDefinition; apiKey: string | undefined }

/** Takes the key out of what was sent, and brings the address into one form. */
export function splitProvider(input: ProviderInput): SplitProvider {
  if (input.kind === 'onnx') {
    return { provider: { kind: input.kind, model: input.model }, apiKey: undefined }
  }
  if (input.kind === 'openai-compatible') {
    const { kind, model, apiKey } = input
    return { provider: { kind, model, baseUrl: normalBaseUrl(input.baseUrl) }, apiKey }
  }
  const message = `provider.kind: ${input.kind} cannot be used yet; it comes later`
  throw new FailureError(failure('invalid_input', message, { field: 'provider.kind' }))
}

/** A model as it is first registered, still without its key. */
export function newModel(input: Registration, provider: ProviderDefinition, now: number): Model {
  const current: ModelVersion = {
    version: 1,
    provider,
    systemPrompt: input.systemPrompt ?? null,
    answerPrefix: input.answerPrefix ?? null,
    sampling: input.sampling ?? {},
  }
  return {
    slug: input.slug,
    name: input.name,
    organization: input.organization,
    license: input.license,
    description: input.description ?? null,
    weight: input.weight ?? 1,
    enabled: input.enabled ?? true,
    sealedKey: null,
    createdAt: now,
    updatedAt: now,
    retired: null,
    current,
    versions: new Map([[current.version, current]]),
  }
}

/** A partial provider of the same kind laid over the stored one; of another kind it is whole. */
export function mergeProvider(
  stored: ProviderDefinition,
  change: NonNullable<Change['provider']>,
): SplitProvider {
  const sameKind = change.kind === undefined || change.kind === stored.kind
  const merged = sameKind ? { ...stored, ...defined(change) } : defined(change)
  const parsed = providerSchema.safeParse(merged)
  if (parsed.success) return splitProvider(parsed.data)
  const issue = parsed.error.issues[0]
  // An unknown field is an issue of the object; it is named like any other.
  const names = issue?.code === 'unrecognized_keys' ? issue.keys : (issue?.path ?? [])
  const field = ['provider', ...names.map(String)].join('.')
  throw new FailureError(
    failure('invalid_input', `${field}: ${issue?.message ?? 'cannot be used'}`, { field }),
  )
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
    provider,
    systemPrompt: orStored(change.systemPrompt, current.systemPrompt),
    answerPrefix: orStored(change.answerPrefix, current.answerPrefix),
    sampling: change.sampling === undefined ? current.sampling : (change.sampling ?? {}),
  }
  const changed: Model = {
    ...model,
    name: change.name ?? model.name,
    organization: change.organization ?? model.organization,
    license: change.license ?? model.license,
    description: orStored(change.description, model.description),
    weight: change.weight ?? model.weight,
    enabled: change.enabled ?? model.enabled,
    updatedAt: now,
  }
  if (isDeepStrictEqual(next, current)) return changed
  return withVersion(changed, { ...next, version: current.version + 1 })
}

/** Whether a stored key may go on being used: only for the very place it was given for. */
export function keepsKey(stored: ProviderDefinition, next: ProviderDefinition): boolean {
  return stored.kind === next.kind && baseUrlOf(stored) === baseUrlOf(next)
}

function orStored<T>(value: T | null | undefined, stored: T | null): T | null {
  return value === undefined ? stored : value
}

function defined(change: NonNullable<Change['provider']>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

function normalBaseUrl(baseUrl: string): string {
  return new URL(baseUrl).href.replace(/\/+$/, '')
}
