import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AnswerPart, Provider } from '../../../../server/providers/provider.ts'
import { withTimeouts } from '../../../../server/providers/timeouts.ts'

const request = { messages: [], sampling: {} }
const TIMEOUTS = { firstTokenMs: 100, gapMs: 50, totalMs: 1000 }

/** A provider that says each text after its delay, and never hears of aborts. */
function deaf(steps: readonly [delayMs: number, part: AnswerPart][]): Provider {
  return async function* () {
    for (const [delayMs, part] of steps) {
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      yield part
    }
    await new Promise(() => undefined)
  }
}

async function read(provider: Provider, signal = new AbortController().signal): Promise<string> {
  let text = ''
  try {
    for await (const part of withTimeouts(provider, TIMEOUTS)(request, signal)) {
      text += 'end' in part ? `[${part.end}]` : 'text' in part ? part.text : ''
    }
  } catch (cause) {
    text += `[${(cause as Error).message}]`
  }
  return text
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const texts = (count: number, delayMs: number): [number, AnswerPart][] =>
  Array.from({ length: count }, () => [delayMs, { text: 'a' }])

describe('withTimeouts', () => {
  test.each<[string, [number, AnswerPart][], string]>([
    ['nothing comes', [], '[no text came within 0.1 s]'],
    ['the first text is late', [[101, { text: 'a' }]], '[no text came within 0.1 s]'],
    [
      'the first text is just in time',
      [
        [99, { text: 'a' }],
        [1, { end: 'stop' }],
      ],
      'a[stop]',
    ],
    [
      'reasoning, which is a sign of life',
      [
        [90, { reasoning: 'hm' }],
        [40, { reasoning: 'hm' }],
        [40, { text: 'a' }],
        [1, { end: 'stop' }],
      ],
      'a[stop]',
    ],
    [
      'a gap after reasoning',
      [
        [90, { reasoning: 'hm' }],
        [51, { text: 'a' }],
      ],
      '[the stream fell silent for 0.05 s]',
    ],
    ['a gap', [...texts(3, 40), [51, { text: 'b' }]], 'aaa[the stream fell silent for 0.05 s]'],
    ['an endless trickle', texts(100, 40), `${'a'.repeat(24)}[the answer took longer than 1 s]`],
  ])('%s', async (_, steps, expected) => {
    const reading = read(deaf(steps))
    await vi.advanceTimersByTimeAsync(3000)
    expect(await reading).toBe(expected)
  })

  test('the provider is told by its signal, and no timer is left', async () => {
    let reason: unknown
    const listening: Provider = (_request, signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason))
      return deaf([])(_request, signal)
    }
    const reading = read(listening)
    await vi.advanceTimersByTimeAsync(100)
    await reading
    expect(reason).toMatchObject({ kind: 'timeout' })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a slow reader is not the silence of the provider', async () => {
    const steps: [number, AnswerPart][] = [
      [1, { text: 'a' }],
      [1, { text: 'b' }],
      [1, { end: 'stop' }],
    ]
    const answer = withTimeouts(deaf(steps), TIMEOUTS)(request, new AbortController().signal)
    const reading = (async () => {
      let text = ''
      for await (const part of answer) {
        text += 'end' in part ? `[${part.end}]` : 'text' in part ? part.text : ''
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      return text
    })()
    await vi.advanceTimersByTimeAsync(2000)
    expect(await reading).toBe('ab[stop]')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('an abort from outside ends a provider that does not hear it', async () => {
    const controller = new AbortController()
    const reading = read(deaf([[1, { text: 'a' }]]), controller.signal)
    await vi.advanceTimersByTimeAsync(10)
    controller.abort(new Error('enough'))
    expect(await reading).toBe('a[enough]')
    expect(vi.getTimerCount()).toBe(0)
  })
})
