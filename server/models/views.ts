import type { ModelRef } from '../../shared/schemas/common.ts'
import type {
  Activity,
  AdminModel,
  ModelCard,
  ModelStatus,
  Retired,
} from '../../shared/schemas/model.ts'
import { unusedSampling } from '../providers/capabilities.ts'
import type { Health } from './breaker.ts'
import { isoTime } from './iso-time.ts'
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
    prices: model.prices,
    tags: [...model.tags],
    links: [...model.links],
  }
}

/** How a model fares now, as administrators see it. */
export type ModelState = {
  readonly health: Health
  readonly activity: Activity
  readonly status: { readonly status: ModelStatus; readonly reason: string | null }
}

/** What administrators may know: everything but the key. */
export function toAdminModel(model: Model, state: ModelState): AdminModel {
  const { provider } = model.current
  const { kind, model: upstream } = provider
  const baseUrl = baseUrlOf(provider)
  const { dialect, apiVersion } =
    provider.kind === 'openai-compatible' ? provider : { dialect: undefined, apiVersion: undefined }
  const extra = provider.kind === 'onnx' ? undefined : provider.extra
  return {
    ...toRef(model),
    description: model.description,
    provider: {
      kind,
      model: upstream,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      hasApiKey: model.sealedKey !== null,
      ...(dialect === undefined ? {} : { dialect }),
      ...(apiVersion === undefined ? {} : { apiVersion }),
      ...(extra === undefined ? {} : { extra }),
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
    caps: model.current.caps,
    limits: model.limits,
    prices: model.prices,
    tags: [...model.tags],
    links: [...model.links],
    status: state.status.status,
    statusReason: state.status.reason,
    notes: notesOf(model),
    health: state.health,
    activity: state.activity,
  }
}

/** A board that names a sampling parameter must not mean one that was never sent. */
function notesOf({ current: { provider, sampling } }: Model): string[] {
  return unusedSampling(provider, sampling).map(
    (name) => `sampling.${name} is not sent: this service has no such setting`,
  )
}

function toRetired({ retired }: Model): Retired | null {
  return retired === null ? null : { at: isoTime(retired.at), reason: retired.reason }
}
