import { describe, expect, it } from 'vitest'
import {
  LAST_STEP,
  MAX_WEIGHT,
  parseWeight,
  stepOf,
  weightAt,
} from '../../../../../client/admin/weights/steps.ts'

describe('the stops of the slider', () => {
  it('grow from nothing to the most that there is, and each finds itself', () => {
    const weights = Array.from({ length: LAST_STEP + 1 }, (_, step) => weightAt(step))
    expect(weights[0]).toBe(0)
    expect(weights.at(-1)).toBe(MAX_WEIGHT)
    expect(weights.toSorted((a, b) => a - b)).toEqual(weights)
    expect(weights.map(stepOf)).toEqual(weights.map((_, step) => step))
  })

  it('are found for weights between them', () => {
    expect(weightAt(stepOf(1.04))).toBe(1)
    expect(weightAt(stepOf(900))).toBe(1000)
  })
})

describe('a weight that was typed', () => {
  it.each([
    ['1', 1],
    [' 2.5 ', 2.5],
    ['2,5', 2.5],
    ['0', 0],
    ['1000', 1000],
    ['', null],
    ['-1', null],
    ['1001', null],
    ['many', null],
    ['Infinity', null],
    ['1e3', 1000],
  ])('%j is %j', (text, weight) => {
    expect(parseWeight(text)).toBe(weight)
  })
})
