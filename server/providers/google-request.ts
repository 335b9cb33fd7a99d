import type { ExtraFields } from '../../shared/schemas/model.ts'
import { ProviderError, type AnswerRequest, type Message } from './provider.ts'
import { namedSampling, systemText, withExtra } from './request-body.ts'

export const GOOGLE_SAMPLING = {
  temperature: 'temperature',
  topP: 'topP',
  topK: 'topK',
  maxTokens: 'maxOutputTokens',
  seed: 'seed',
} as const

/**
 * Where a request goes. An address without a version gets `v1beta`; a model may be named with or
 * without its collection (`models/…`).
 *
 * @throws ProviderError if the model's name cannot be part of an address
 */
export function streamUrl(baseUrl: string, model: string): URL {
  const base = baseUrl.replace(/\/+$/, '')
  const versioned = /\/v\d+[a-z0-9]*(?:\/|$)/.test(new URL(base).pathname)
  const name = /^[a-z]+[mM]odels\/|^models\//.test(model) ? model : `models/${model}`
  const segments = name.split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new ProviderError('unsupported', `"${model}" is no name of a model`)
  }
  const path = segments.map(encodeURIComponent).join('/')
  return new URL(`${base}${versioned ? '' : '/v1beta'}/${path}:streamGenerateContent?alt=sse`)
}

/** The body of `POST …:streamGenerateContent`. */
export function googleBody(extra: ExtraFields | undefined, request: AnswerRequest): string {
  const system = systemText(request.messages)
  const generationConfig = namedSampling(GOOGLE_SAMPLING, request.sampling)
  const body = {
    ...(system === undefined ? {} : { systemInstruction: { parts: [{ text: system }] } }),
    contents: contentsOf(request.messages),
    ...(Object.keys(generationConfig).length === 0 ? {} : { generationConfig }),
  }
  return JSON.stringify(withExtra(body, extra))
}

type Content = { role: 'user' | 'model'; parts: { text: string }[] }

/** Turns take turns: what one side said in two messages is one turn of two parts. */
function contentsOf(messages: readonly Message[]): Content[] {
  const contents: Content[] = []
  for (const { role, content } of messages) {
    if (role === 'system') continue
    const speaker = role === 'assistant' ? 'model' : 'user'
    const last = contents.at(-1)
    if (last?.role === speaker) last.parts.push({ text: content })
    else contents.push({ role: speaker, parts: [{ text: content }] })
  }
  return contents
}
