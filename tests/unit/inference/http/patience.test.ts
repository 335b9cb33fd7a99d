import { expect, it } from 'vitest'
import { patience } from '../../../../inference/http/patience.ts'

const idle = { ageMs: null, longestMs: 0 }

it('is ten seconds of silence for quick models, and no step', () => {
  expect(patience([{ warmUpMs: 20 }], { ...idle, longestMs: 100 })).toEqual({
    silenceLimitMs: 10_000,
    step: null,
  })
})

it('grows with the longest step, or with the warm-up before there was any', () => {
  expect(patience([{ warmUpMs: 20 }], { ...idle, longestMs: 4000 }).silenceLimitMs).toBe(20_000)
  expect(patience([{ warmUpMs: 3000 }], idle).silenceLimitMs).toBe(30_000)
})

it('tells the age of the step under way and how old it may become', () => {
  expect(patience([], { ageMs: 1234.5, longestMs: 30_000 }).step).toEqual({
    ageMs: 1235,
    limitMs: 300_000,
  })
  expect(patience([], { ageMs: 5, longestMs: 1 }).step).toEqual({ ageMs: 5, limitMs: 60_000 })
})

it('never grows without end', () => {
  expect(patience([], { ageMs: 0, longestMs: 1e9 })).toEqual({
    silenceLimitMs: 120_000,
    step: { ageMs: 0, limitMs: 600_000 },
  })
})
