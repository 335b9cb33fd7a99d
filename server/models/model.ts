import type {
  Caps,
  ModelLimits,
  ModelLink,
  Prices,
  ProviderDefinition,
  Sampling,
} from '../../shared/schemas/model.ts'
import { effectiveBaseUrl } from '../providers/effective-base-url.ts'

/** What answers under a slug: another one of any of these is another version. */
export type ModelVersion = {
  readonly version: number
  /** When it began to answer. */
  readonly createdAt: number
  readonly provider: ProviderDefinition
  readonly systemPrompt: string | null
  readonly answerPrefix: string | null
  readonly sampling: Sampling
  readonly caps: Caps
}

/** A contestant with all its versions: those of running battles must go on answering. */
export type Model = {
  readonly slug: string
  readonly name: string
  readonly organization: string
  readonly license: string
  readonly description: string | null
  readonly weight: number
  readonly enabled: boolean
  /** Since when and why it is not enabled, where an administrator switched it off. */
  readonly paused: { readonly at: number; readonly reason: string | null } | null
  readonly limits: ModelLimits
  readonly prices: Prices | null
  readonly tags: readonly string[]
  readonly links: readonly ModelLink[]
  /** The provider's key, sealed for its address. */
  readonly sealedKey: string | null
  readonly createdAt: number
  readonly updatedAt: number
  readonly retired: { readonly at: number; readonly reason: string | null } | null
  readonly current: ModelVersion
  readonly versions: ReadonlyMap<number, ModelVersion>
}

/** The address that a version talks to, if it has one of its own. */
export function baseUrlOf(provider: ProviderDefinition): string | undefined {
  return provider.kind === 'onnx' ? undefined : provider.baseUrl
}

/**
 * What a provider's key is sealed for. A key opens for the model and the very address that it was
 * given for: no change of a model, and no older version of it, can carry it elsewhere.
 */
export function keyContext(slug: string, provider: ProviderDefinition): string {
  return JSON.stringify(['provider-key', slug, provider.kind, effectiveBaseUrl(provider) ?? ''])
}

/** The model with another version on top. */
export function withVersion(model: Model, version: ModelVersion): Model {
  const versions = new Map(model.versions).set(version.version, version)
  return { ...model, current: version, versions }
}
