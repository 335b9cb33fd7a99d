/** How the text of a field becomes a value of the call. */
export type FieldKind = 'line' | 'text' | 'number' | 'json' | 'tags' | 'links' | 'flag'

/** Every field of a model that an administrator fills in, by its path in the call. */
export const FIELDS = {
  'provider.kind': 'line',
  'provider.baseUrl': 'line',
  'provider.model': 'line',
  'provider.apiKey': 'line',
  'provider.dialect': 'line',
  'provider.apiVersion': 'line',
  'provider.extra': 'json',
  slug: 'line',
  name: 'line',
  organization: 'line',
  license: 'line',
  description: 'text',
  tags: 'tags',
  links: 'links',
  systemPrompt: 'text',
  answerPrefix: 'text',
  'sampling.temperature': 'number',
  'sampling.topP': 'number',
  'sampling.topK': 'number',
  'sampling.minP': 'number',
  'sampling.repetitionPenalty': 'number',
  'sampling.maxTokens': 'number',
  'sampling.seed': 'number',
  'caps.maxInputCharacters': 'number',
  'caps.maxOutputTokens': 'number',
  'limits.requestsPerMinute': 'number',
  'limits.concurrentRequests': 'number',
  'limits.tokensPerDay': 'number',
  'limits.costPerDay': 'number',
  'prices.inputPerMillion': 'number',
  'prices.outputPerMillion': 'number',
  weight: 'number',
  enabled: 'flag',
} as const satisfies Record<string, FieldKind>

export type FieldPath = keyof typeof FIELDS
export const FIELD_PATHS = Object.keys(FIELDS) as FieldPath[]

/** What is wrong with a field, in words; without a path it is about the whole. */
export type Fault = { readonly path: FieldPath | null; readonly message: string }

/** Objects of the call that are sent whole. */
export const GROUPS = ['sampling', 'caps', 'limits', 'prices'] as const

/** Fields that make another contestant of a model: what answers, not what is told about it. */
export function makesVersion(path: FieldPath): boolean {
  return (
    (path.startsWith('provider.') && path !== 'provider.apiKey') ||
    path.startsWith('sampling.') ||
    path.startsWith('caps.') ||
    path === 'systemPrompt' ||
    path === 'answerPrefix'
  )
}

/** The field that a server's path is about: `links.0.url` is about `links`. */
export function fieldOf(serverPath: string): FieldPath | null {
  const parts = serverPath.split('.')
  for (let length = parts.length; length > 0; length -= 1) {
    const candidate = parts.slice(0, length).join('.')
    if (Object.hasOwn(FIELDS, candidate)) return candidate as FieldPath
  }
  // Of an object as a whole, its first field is as near as one gets.
  return FIELD_PATHS.find((path) => path.startsWith(`${serverPath}.`)) ?? null
}
