import { expect, test } from 'vitest'
import { supportsAnswerPrefix, unusedSampling } from '../../../../server/providers/capabilities.ts'
import { effectiveBaseUrl } from '../../../../server/providers/effective-base-url.ts'
import type { Dialect, ProviderDefinition } from '../../../../shared/schemas/model.ts'

const open = (dialect?: Dialect, baseUrl = 'https://models.example/v1'): ProviderDefinition => ({
  kind: 'openai-compatible',
  baseUrl,
  model: 'm',
  dialect,
})

test.each<[string, ProviderDefinition, boolean]>([
  ['the embedded inference', { kind: 'onnx', model: 'm' }, true],
  ['Anthropic', { kind: 'anthropic', model: 'm' }, true],
  ['Google', { kind: 'google', model: 'm' }, false],
  ['an unknown server', open(), true],
  ['OpenAI', open('openai'), false],
  ['OpenAI by its address', open(undefined, 'https://api.openai.com/v1'), false],
  ['Azure', open('azure'), false],
  ['OpenRouter', open('openrouter'), true],
  ['Mistral', open('mistral'), true],
  ['Groq', open('groq'), true],
  ['DeepSeek', open(undefined, 'https://api.deepseek.com/v1'), false],
  ['DeepSeek’s beta', open(undefined, 'https://api.deepseek.com/beta'), true],
  ['DeepSeek elsewhere', open('deepseek'), true],
  ['Together', open('together'), false],
  ['vLLM', open('vllm'), true],
  ['llama.cpp', open('llamacpp'), true],
  ['Ollama', open('ollama'), false],
  ['LM Studio', open('lmstudio'), false],
])('an answer of %s goes on from given words: %s', (_, provider, expected) => {
  expect(supportsAnswerPrefix(provider)).toBe(expected)
})

const ALL = {
  temperature: 1,
  topP: 1,
  topK: 1,
  minP: 0,
  repetitionPenalty: 1,
  maxTokens: 1,
  seed: 0,
}

test.each<[ProviderDefinition, string[]]>([
  [{ kind: 'onnx', model: 'm' }, []],
  [open(), []],
  [open('openai'), ['topK', 'minP', 'repetitionPenalty']],
  [open('mistral'), ['topK', 'minP', 'repetitionPenalty']],
  [open('deepseek'), ['topK', 'minP', 'repetitionPenalty', 'seed']],
  [open('lmstudio'), ['minP']],
  [open('llamacpp'), []],
  [{ kind: 'anthropic', model: 'm' }, ['minP', 'repetitionPenalty', 'seed']],
  [{ kind: 'google', model: 'm' }, ['minP', 'repetitionPenalty']],
])('%j has no field for %j', (provider, expected) => {
  expect(unusedSampling(provider, ALL)).toEqual(expected)
  expect(unusedSampling(provider, {})).toEqual([])
})

test('the address that counts is the company’s where none is named', () => {
  expect(effectiveBaseUrl({ kind: 'onnx', model: 'm' })).toBeUndefined()
  expect(effectiveBaseUrl(open())).toBe('https://models.example/v1')
  expect(effectiveBaseUrl({ kind: 'anthropic', model: 'm' })).toBe('https://api.anthropic.com')
  expect(effectiveBaseUrl({ kind: 'google', model: 'm' })).toBe(
    'https://generativelanguage.googleapis.com/v1beta',
  )
  expect(effectiveBaseUrl({ kind: 'google', model: 'm', baseUrl: 'https://x.example' })).toBe(
    'https://x.example',
  )
})
