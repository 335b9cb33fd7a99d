import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../inference/generation/random.ts'
import { Sampler, type Sampling } from '../../../../inference/generation/sampler.ts'

const neutral: Sampling = {
  temperature: 1,
  topP: 1,
  topK: 0,
  minP: 0,
  repetitionPenalty: 1,
  presencePenalty: 0,
  frequencyPenalty: 0,
}
const logitsOf = (probabilities: readonly number[]): Float32Array =>
  Float32Array.from(probabilities, Math.log)

/** Share of each token among many draws. */
function shares(sampling: Partial<Sampling>, logits: Float32Array, draws = 4000): number[] {
  const sampler = new Sampler({ ...neutral, ...sampling }, seededRandom(7), [])
  const counts = Array.from(logits, () => 0)
  for (let draw = 0; draw < draws; draw++) {
    const id = sampler.next(logits.slice())
    counts[id] = (counts[id] ?? 0) + 1 / draws
  }
  return counts
}

const logits = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), {
  minLength: 1,
  maxLength: 600,
})
const sampling = fc.record({
  temperature: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 2, noNaN: true })),
  topP: fc.double({ min: 0.01, max: 1, noNaN: true }),
  topK: fc.integer({ min: 0, max: 300 }),
  minP: fc.double({ min: 0, max: 1, noNaN: true }),
  repetitionPenalty: fc.constantFrom(1, 1.3),
  presencePenalty: fc.constantFrom(0, -2, 1.5),
  frequencyPenalty: fc.constantFrom(0, 0.5),
})

describe('Sampler', () => {
  it('always draws a token of the vocabulary, the same for the same seed', () => {
    fc.assert(
      fc.property(logits, sampling, fc.maxSafeNat(), (values, settings, seed) => {
        const draw = (): number =>
          new Sampler(settings, seededRandom(seed), [0]).next(Float32Array.from(values))
        const id = draw()
        expect(id >= 0 && id < values.length).toBe(true)
        expect(draw()).toBe(id)
      }),
    )
  })

  it('takes the likeliest at temperature 0, the first among equals', () => {
    const sampler = new Sampler({ ...neutral, temperature: 0 }, () => 0.99, [])
    expect(sampler.next(Float32Array.of(1, 5, -2, 5))).toBe(1)
  })

  it('draws each token as often as it is likely', () => {
    const probabilities = [0.5, 0.3, 0.15, 0.05]
    shares({}, logitsOf(probabilities)).forEach((share, id) =>
      expect(share).toBeCloseTo(probabilities[id] ?? 0, 1),
    )
  })

  it('sharpens with a low temperature', () => {
    // 0.6² : 0.4² = 0.69 : 0.31
    expect(shares({ temperature: 0.5 }, logitsOf([0.6, 0.4]))[0]).toBeCloseTo(0.692, 1)
  })

  it.each<[string, Partial<Sampling>, number[]]>([
    ['topK keeps the most likely', { topK: 2 }, [0, 1]],
    ['topP keeps the fewest that reach it', { topP: 0.75 }, [0, 1]],
    ['topP keeps one always', { topP: 0.01 }, [0]],
    ['minP is a share of the likeliest', { minP: 0.4 }, [0, 1]],
    ['all of them together', { topK: 3, topP: 0.9, minP: 0.7 }, [0]],
  ])('%s', (_, settings, kept) => {
    const drawn = shares(settings, logitsOf([0.5, 0.3, 0.15, 0.05]))
    expect(drawn.flatMap((share, id) => (share > 0 ? [id] : []))).toEqual(kept)
  })

  it('penalizes tokens of the prompt and of the answer, whatever their sign', () => {
    const sampler = new Sampler({ ...neutral, temperature: 0, repetitionPenalty: 2 }, () => 0, [0])
    expect(sampler.next(Float32Array.of(3, 2, -9))).toBe(1)
    expect(sampler.next(Float32Array.of(3, 2.9, 1.6))).toBe(2)
    const negative = Float32Array.of(-1, -9, -9)
    sampler.next(negative)
    expect([...negative]).toEqual([-2, -18, -18])
  })

  it('refuses logits that hold no number', () => {
    for (const temperature of [0, 1]) {
      const sampler = new Sampler({ ...neutral, temperature }, () => 0.5, [])
      for (const bad of [NaN, -Infinity]) {
        expect(() => sampler.next(Float32Array.of(bad, bad))).toThrow(/no finite logits/u)
      }
    }
  })

  it('takes the presence penalty once and the frequency penalty every time, for the answer alone', () => {
    const draw = (settings: Partial<Sampling>, steps: number) => {
      const sampler = new Sampler({ ...neutral, temperature: 0, ...settings }, seededRandom(1), [0])
      return Array.from({ length: steps }, () => sampler.next(Float32Array.of(3, 2.5, 0)))
    }
    expect(draw({}, 3)).toEqual([0, 0, 0])
    // 3, then 2 below 2.5, then 2.5 - 1: from then on the first is ahead again.
    expect(draw({ presencePenalty: 1 }, 4)).toEqual([0, 1, 0, 0])
    expect(draw({ frequencyPenalty: 1 }, 4)).toEqual([0, 1, 0, 1])
    expect(draw({ presencePenalty: -1 }, 2)).toEqual([0, 0])
  })
})
