import type { ModelRef } from '../../shared/schemas/common.ts'
import type { AdminModel, ModelCard, Retired } from '../../shared/schemas/model.ts'
import type { Health } from './breaker.ts'
import { baseUrlOf, type Model } from './model.ts'

/** A public card but for its ratings, which the boards know. */
export type UnratedCard = Omit<ModelCard, 'ratings'>

export function toRef({ slug, name, organization, license }: Model): ModelRef {
  return { slug, name, organization, license }
}

/** What everybody may know of a model: never how it is reached nor what it is told. */
export function toCard(model: Model): UnratedCard {
  return {
    ...toRef(model),
    description: model.description,
    sampling: model.current.sampling,
    version: model.current.version,
    enabled: model.enabled,
    createdAt: isoTime(model.createdAt),
    retired: toRetired(model),
  }
}

/** What administrators may know: everything but the key. */
export function toAdminModel(model: Model, health: Health): AdminModel {
  const { kind, model: upstream } = model.current.provider
  const baseUrl = baseUrlOf(model.current.provider)
  return {
    ...toRef(model),
    description: model.description,
    provider: {
      kind,
      model: upstream,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      hasApiKey: model.sealedKey !== null,
    },
    systemPrompt: model.current.systemPrompt,
    answerPrefix: model.current.answerPrefix,
    sampling: model.current.sampling,
    weight: model.weight,
    enabled: model.enabled,
    version: model.current.version,
    createdAt: isoTime(model.createdAt),
    updatedAt: isoTime(model.updatedAt),
    retired: toRetired(model),
    health,
  }
}

function toRetired({ retired }: Model): Retired | null {
  return retired === null ? null : { at: isoTime(retired.at), reason: retired.reason }
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
