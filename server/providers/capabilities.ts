import type { ProviderDefinition, Sampling } from '../../shared/schemas/model.ts'
import { ANTHROPIC_SAMPLING } from './anthropic-request.ts'
import { GOOGLE_SAMPLING } from './google-request.ts'
import { DIALECT_RULES, dialectOf } from './openai-dialects.ts'

/**
 * Whether a provider can go on from the first words of an answer. Anthropic's newer models refuse
 * it, which their answer says; by the address alone it cannot be told.
 */
export function supportsAnswerPrefix(provider: ProviderDefinition): boolean {
  if (provider.kind !== 'openai-compatible') return provider.kind !== 'google'
  const dialect = dialectOf(provider)
  const { hostname, pathname } = new URL(provider.baseUrl)
  // DeepSeek does it at its address for what is new only.
  if (dialect === 'deepseek' && hostname === 'api.deepseek.com') {
    return /^\/beta(?:\/|$)/.test(pathname)
  }
  return DIALECT_RULES[dialect].prefix !== 'none'
}

/** Sampling that was set but that this provider has no field for: it is not sent. */
export function unusedSampling(
  provider: ProviderDefinition,
  sampling: Sampling,
): (keyof Sampling)[] {
  const known = samplingOf(provider)
  return (Object.keys(sampling) as (keyof Sampling)[]).filter(
    (name) => sampling[name] !== undefined && known[name] === undefined,
  )
}

function samplingOf(provider: ProviderDefinition): Partial<Record<keyof Sampling, string>> {
  switch (provider.kind) {
    case 'onnx':
      return DIALECT_RULES.generic.sampling
    case 'anthropic':
      return ANTHROPIC_SAMPLING
    case 'google':
      return GOOGLE_SAMPLING
    case 'openai-compatible':
      return DIALECT_RULES[dialectOf(provider)].sampling
  }
}
