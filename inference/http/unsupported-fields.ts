import { ApiError } from './api-error.ts'

/**
 * Fields of OpenAI's and vLLM's APIs that would change the answer and are not supported, with the
 * values that change nothing. Absent and null are always fine; every other field is ignored.
 */
const NEUTRAL: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: is(1),
  best_of: is(1),
  logit_bias: isEmpty,
  tools: isEmpty,
  functions: isEmpty,
  tool_choice: (value) => value === 'none' || value === 'auto',
  function_call: (value) => value === 'none' || value === 'auto',
  response_format: isText,
  modalities: (value) => Array.isArray(value) && value.length === 1 && value[0] === 'text',
  audio: () => false,
  web_search_options: () => false,
  use_beam_search: is(false),
  min_tokens: is(0),
  ignore_eos: is(false),
  stop_token_ids: isEmpty,
  bad_words: isEmpty,
  echo: is(false),
  chat_template: () => false,
  documents: isEmpty,
  guided_json: () => false,
  guided_regex: () => false,
  guided_choice: () => false,
  guided_grammar: () => false,
  structured_outputs: () => false,
}

/** Throws ApiError that names the first field whose value would have to be ignored. */
export function rejectUnsupported(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  for (const [field, value] of Object.entries(body)) {
    const isNeutral = Object.hasOwn(NEUTRAL, field) ? NEUTRAL[field] : undefined
    if (!isNeutral || value === null || isNeutral(value)) continue
    throw new ApiError('unsupported_value', `${field}: this value is not supported`, {
      param: field,
    })
  }
}

function is(neutral: number | boolean): (value: unknown) => boolean {
  return (value) => value === neutral
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function isText(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'text'
}
