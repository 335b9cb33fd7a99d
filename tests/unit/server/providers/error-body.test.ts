import { describe, expect, test } from 'vitest'
import { readError } from '../../../../server/providers/error-body.ts'
import { retryAfter } from '../../../../server/providers/retry-after.ts'

describe('readError', () => {
  test.each<[string, unknown, string]>([
    [
      'OpenAI',
      {
        error: {
          message: 'Incorrect API key provided.',
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        },
      },
      'Incorrect API key provided. (invalid_request_error, invalid_api_key)',
    ],
    ['Azure', { error: { code: '401', message: 'Access denied.' } }, 'Access denied. (401)'],
    ['Azure’s gateway', { statusCode: 404, message: 'Resource not found' }, 'Resource not found'],
    [
      'Anthropic',
      { type: 'error', error: { type: 'not_found_error', message: 'model: x' }, request_id: 'r' },
      'model: x (not_found_error)',
    ],
    [
      'Google, outside of a stream',
      [{ error: { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT' } }],
      'API key not valid. (INVALID_ARGUMENT, 400)',
    ],
    [
      'Mistral, a field that it does not know',
      {
        object: 'error',
        message: { detail: [{ type: 'extra_forbidden', loc: ['body', 'top_k'], msg: 'Extra' }] },
        type: 'invalid_request_error',
      },
      'body.top_k: Extra (invalid_request_error)',
    ],
    ['Mistral, no key', { detail: 'Unauthorized' }, 'Unauthorized'],
    [
      'FastAPI',
      { detail: [{ loc: ['body', 'messages', 0], msg: 'field required' }] },
      'body.messages.0: field required',
    ],
    [
      'vLLM, older',
      { object: 'error', message: 'No such model', type: 'NotFoundError', code: 404 },
      'No such model (NotFoundError, 404)',
    ],
    ['Ollama', { error: 'model "x" not found' }, 'model "x" not found'],
    [
      'OpenRouter',
      { error: { code: 502, message: 'Provider returned error', metadata: { raw: 'oh' } } },
      'Provider returned error: oh (502)',
    ],
    ['nothing', {}, ''],
  ])('%s', (_, body, message) => {
    expect(readError(body)?.message).toBe(message)
  })

  test('no error is none', () => {
    expect(readError(undefined)).toBeUndefined()
    expect(readError(null)).toBeUndefined()
    expect(readError([])).toBeUndefined()
  })
})

describe('retryAfter', () => {
  const now = Date.UTC(2026, 0, 1)
  test.each<[Record<string, string>, number | undefined, number | undefined]>([
    [{}, undefined, undefined],
    [{}, 34_000, 34_000],
    [{ 'retry-after': '7' }, 34_000, 7000],
    [{ 'retry-after': '0.5' }, undefined, 500],
    [{ 'retry-after': 'soon' }, 34_000, 34_000],
    [{ 'retry-after': '-3' }, undefined, undefined],
    [{ 'retry-after': new Date(now + 5000).toUTCString() }, undefined, 5000],
    [{ 'retry-after': new Date(now - 5000).toUTCString() }, undefined, 0],
    [{ 'retry-after-ms': '1500.2', 'retry-after': '2' }, undefined, 1501],
    [{ 'retry-after-ms': 'x', 'retry-after': '2' }, undefined, 2000],
    [{ 'retry-after': '999999999' }, undefined, 3_600_000],
    [{ 'retry-after': '9'.repeat(400) }, undefined, 3_600_000],
  ])('%j, said %s: %s', (headers, said, expected) => {
    expect(retryAfter(headers, said, now)).toBe(expected)
  })
})
