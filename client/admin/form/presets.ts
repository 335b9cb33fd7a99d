import type { Dialect, ProviderDefinition } from '../../../shared/schemas/model.ts'
import type { Draft } from './draft.ts'

/** A place where models answer, and what is known of it. */
export type Preset = {
  readonly id: string
  readonly name: string
  readonly kind: ProviderDefinition['kind']
  readonly dialect?: Dialect
  /** Filled in; where it holds capitals, they stand for one's own. */
  readonly baseUrl?: string
  /** How an id of a model looks there. */
  readonly model: string
  readonly organization?: string
  readonly group: 'company' | 'own'
}

/** Where most models are reached, in the order of the choice. */
export const PRESETS = [
  {
    id: 'openai',
    name: 'OpenAI',
    kind: 'openai-compatible',
    dialect: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    model: 'gpt-…',
    organization: 'OpenAI',
    group: 'company',
  },
  {
    id: 'anthropic',
    name: 'Anthropic',
    kind: 'anthropic',
    model: 'claude-…',
    organization: 'Anthropic',
    group: 'company',
  },
  {
    id: 'google',
    name: 'Google Gemini',
    kind: 'google',
    model: 'gemini-…',
    organization: 'Google',
    group: 'company',
  },
  {
    id: 'azure',
    name: 'Azure',
    kind: 'openai-compatible',
    dialect: 'azure',
    baseUrl: 'https://RESOURCE.openai.azure.com/openai/v1',
    model: 'the name of the deployment',
    group: 'company',
  },
  {
    id: 'mistral',
    name: 'Mistral',
    kind: 'openai-compatible',
    dialect: 'mistral',
    baseUrl: 'https://api.mistral.ai/v1',
    model: 'mistral-…',
    organization: 'Mistral AI',
    group: 'company',
  },
  {
    id: 'deepseek',
    name: 'DeepSeek',
    kind: 'openai-compatible',
    dialect: 'deepseek',
    baseUrl: 'https://api.deepseek.com/v1',
    model: 'deepseek-…',
    organization: 'DeepSeek',
    group: 'company',
  },
  {
    id: 'openrouter',
    name: 'OpenRouter',
    kind: 'openai-compatible',
    dialect: 'openrouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    model: 'maker/model',
    group: 'company',
  },
  {
    id: 'groq',
    name: 'Groq',
    kind: 'openai-compatible',
    dialect: 'groq',
    baseUrl: 'https://api.groq.com/openai/v1',
    model: 'maker/model',
    group: 'company',
  },
  {
    id: 'together',
    name: 'Together',
    kind: 'openai-compatible',
    dialect: 'together',
    baseUrl: 'https://api.together.xyz/v1',
    model: 'maker/model',
    group: 'company',
  },
  {
    id: 'vllm',
    name: 'vLLM',
    kind: 'openai-compatible',
    dialect: 'vllm',
    baseUrl: 'http://HOST:8000/v1',
    model: 'maker/model',
    group: 'own',
  },
  {
    id: 'llamacpp',
    name: 'llama.cpp',
    kind: 'openai-compatible',
    dialect: 'llamacpp',
    baseUrl: 'http://HOST:8080/v1',
    model: 'the alias or file of the model',
    group: 'own',
  },
  {
    id: 'ollama',
    name: 'Ollama',
    kind: 'openai-compatible',
    dialect: 'ollama',
    baseUrl: 'http://HOST:11434/v1',
    model: 'model:tag',
    group: 'own',
  },
  {
    id: 'lmstudio',
    name: 'LM Studio',
    kind: 'openai-compatible',
    dialect: 'lmstudio',
    baseUrl: 'http://HOST:1234/v1',
    model: 'maker/model',
    group: 'own',
  },
  {
    id: 'trivium',
    name: 'Trivium inference',
    kind: 'openai-compatible',
    dialect: 'generic',
    baseUrl: 'http://HOST:8080/v1',
    model: 'the name of the model’s folder',
    group: 'own',
  },
  {
    id: 'onnx',
    name: 'Embedded (ONNX)',
    kind: 'onnx',
    model: 'the name of the model’s folder',
    group: 'own',
  },
  {
    id: 'other',
    name: 'Another, OpenAI-compatible',
    kind: 'openai-compatible',
    baseUrl: '',
    model: 'model',
    group: 'own',
  },
] as const satisfies readonly Preset[]

export type PresetId = (typeof PRESETS)[number]['id']

export function presetOf(id: PresetId): Preset {
  const found: Preset | undefined = PRESETS.find((preset) => preset.id === id)
  if (found === undefined) throw new Error(`no preset is called ${id}`)
  return found
}

/** The changes that choosing a preset makes. What was typed by hand stays. */
export function choosePreset(draft: Draft, from: PresetId, to: PresetId): Partial<Draft> {
  const before = presetOf(from)
  const next = presetOf(to)
  const untouched = (path: 'provider.baseUrl' | 'organization', usual: string | undefined) =>
    draft[path].trim() === '' || draft[path] === (usual ?? '')
  return {
    'provider.kind': next.kind,
    'provider.dialect': next.dialect ?? '',
    'provider.apiVersion': '',
    ...(untouched('provider.baseUrl', before.baseUrl)
      ? { 'provider.baseUrl': next.baseUrl ?? '' }
      : {}),
    ...(untouched('organization', before.organization)
      ? { organization: next.organization ?? '' }
      : {}),
  }
}

/** A slug made of a model's id: `meta-llama/Llama-3.1:free` → `llama-3.1-free`. */
export function suggestSlug(modelId: string): string {
  const last =
    modelId
      .trim()
      .split('/')
      .findLast((part) => part !== '') ?? ''
  return last
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]*-[._-]*|([._])[._]+/g, (_, same: string | undefined) => same ?? '-')
    .slice(0, 64)
    .replace(/^[._-]+|[._-]+$/g, '')
}

/** A name made of a model's id: what stands after the maker. */
export function suggestName(modelId: string): string {
  return (
    modelId
      .trim()
      .split('/')
      .findLast((part) => part !== '') ?? ''
  )
}
