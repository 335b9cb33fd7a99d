import type { ExtraFields, Sampling } from '../../../shared/schemas/model.ts'
import type { Model } from '../model.ts'

/** What FastChat does not tell, and everybody is shown. */
const UNKNOWN = 'Unknown'
const MAX_SLUG = 64

type Way = {
  readonly kind: 'openai-compatible' | 'anthropic' | 'google'
  readonly baseUrl?: string
}

// Those of FastChat's types that speak one of our APIs, by the beginnings of their names.
const WAYS: readonly (readonly [RegExp, Way])[] = [
  [/^openai(?!_assistant)/, { kind: 'openai-compatible', baseUrl: 'https://api.openai.com/v1' }],
  [/^anthropic(?!.*vertex)/, { kind: 'anthropic' }],
  [/^gemini/, { kind: 'google' }],
  [/^mistral/, { kind: 'openai-compatible', baseUrl: 'https://api.mistral.ai/v1' }],
  [/^nvidia/, { kind: 'openai-compatible', baseUrl: 'https://integrate.api.nvidia.com/v1' }],
]

/** Fields of an entry that are taken over, or mean nothing here. */
const KNOWN = new Set([
  'model_name',
  'api_type',
  'api_base',
  'api_key',
  'anony_only',
  'recommended_config',
  'description',
  'text-arena',
  'vision-arena',
  'custom_system_prompt',
])
const CONFIG_NAMES: Readonly<Record<string, keyof Sampling>> = {
  temperature: 'temperature',
  top_p: 'topP',
  max_new_tokens: 'maxTokens',
}

/** An entry of ours made of one of FastChat's, to be checked like any other; or what is wrong. */
export type FromFastChat =
  | { readonly ok: true; readonly entry: Record<string, unknown>; readonly notes: string[] }
  | { readonly ok: false; readonly field: string; readonly message: string }

/** Reads one field of `api_endpoints.json`: the display name and what it says of the model. */
export function fromFastChat(name: string, value: unknown): FromFastChat {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, field: '', message: 'must be an object' }
  }
  const given = value as Record<string, unknown>
  const type = given['api_type'] ?? 'openai'
  const way = WAYS.find(([pattern]) => typeof type === 'string' && pattern.test(type))?.[1]
  if (way === undefined) {
    const message = 'models of this type cannot be registered here: leave the entry out'
    return { ok: false, field: 'api_type', message }
  }
  const config = given['recommended_config'] ?? {}
  if (typeof config !== 'object' || Array.isArray(config)) {
    return { ok: false, field: 'recommended_config', message: 'must be an object' }
  }
  const { sampling, extra, left } = readConfig(config as Record<string, unknown>)
  const baseUrl = addressOf(given['api_base']) ?? way.baseUrl
  const apiKey = given['api_key'] === '' ? undefined : (given['api_key'] ?? undefined)
  const isTextModel = given['text-arena'] !== false
  const unknown = [...Object.keys(given).filter((field) => !KNOWN.has(field)), ...left]
  const notes = [
    'organization and license are not told in this format: change them',
    ...(isTextModel ? [] : ['is no text model there: registered, but not enabled']),
    ...(given['custom_system_prompt'] === true ? ['has a system prompt there, not told here'] : []),
    ...(unknown.length === 0 ? [] : [`left out: ${unknown.slice(0, 8).join(', ').slice(0, 200)}`]),
  ]
  return {
    ok: true,
    notes,
    entry: defined({
      slug: slugOf(name),
      name,
      organization: UNKNOWN,
      license: UNKNOWN,
      description: given['description'],
      provider: defined({ kind: way.kind, baseUrl, model: given['model_name'], apiKey, extra }),
      sampling,
      enabled: isTextModel ? undefined : false,
    }),
  }
}

/** `api_endpoints.json` of the models that FastChat can ask in the same way; never with keys. */
export function toFastChat(models: readonly Model[]): string {
  const names = models.map(({ name }) => name)
  const file: Record<string, unknown> = {}
  for (const { slug, name, enabled, current } of models) {
    const { provider, sampling } = current
    if (provider.kind !== 'openai-compatible') continue
    const isTheOnly = names.indexOf(name) === names.lastIndexOf(name)
    file[isTheOnly ? name : slug] = {
      model_name: provider.model,
      api_type: 'openai',
      api_base: provider.baseUrl,
      api_key: '',
      anony_only: false,
      recommended_config: defined({
        temperature: sampling.temperature,
        top_p: sampling.topP,
        max_new_tokens: sampling.maxTokens,
        extra_body: provider.extra,
      }),
      'text-arena': enabled,
      'vision-arena': false,
    }
  }
  return `${JSON.stringify(file, undefined, 2)}\n`
}

function readConfig(config: Record<string, unknown>) {
  const sampling: Record<string, unknown> = {}
  const left: string[] = []
  let extra: ExtraFields | undefined
  for (const [field, value] of Object.entries(config)) {
    const name = CONFIG_NAMES[field]
    if (name !== undefined) sampling[name] = value
    else if (field === 'extra_body') extra = value as ExtraFields
    else left.push(`recommended_config.${field}`)
  }
  return { sampling: Object.keys(sampling).length === 0 ? undefined : sampling, extra, left }
}

/** Some of its files name the whole path; ours ends before it. */
function addressOf(base: unknown): unknown {
  if (typeof base !== 'string') return base ?? undefined
  return base === '' ? undefined : base.replace(/\/chat\/completions\/?$/, '')
}

/** The slug that a display name makes: `Llama 3.1 (70B)` is `llama-3.1-70b`. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/[._-]*-[._-]*/g, '-')
    .replaceAll(/([._])[._]+/g, '$1')
    .slice(0, MAX_SLUG)
    .replaceAll(/^[._-]+|[._-]+$/g, '')
}

function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
