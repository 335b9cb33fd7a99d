import { describe, expect, it } from 'vitest'
import {
  changesOf,
  drawRequest,
  drawnModels,
  drawnPairs,
  extremesOf,
  heatOf,
  pairsOf,
  sharesOf,
} from '../../../../../client/admin/weights/draw.ts'
import type { ModelStatus } from '../../../../../shared/schemas/model.ts'

const model = (slug: string, weight = 1, enabled = true, status: ModelStatus = 'ready') => ({
  slug,
  name: `Name of ${slug}`,
  weight,
  enabled,
  status,
})

describe('what saving would write', () => {
  it('is only what differs, and knows the way back', () => {
    const models = [model('a'), model('b', 2), model('c', 1, false, 'paused')]
    const edits = { a: { weight: 1 }, b: { weight: 3 }, c: { enabled: true, weight: 1 } }
    expect(changesOf(models, edits)).toEqual([
      { slug: 'b', name: 'Name of b', to: { weight: 3 }, from: { weight: 2 } },
      { slug: 'c', name: 'Name of c', to: { enabled: true }, from: { enabled: false } },
    ])
  })
})

describe('the question for a draw', () => {
  it('names every weight and whoever is off', () => {
    const models = [model('a'), model('b', 2), model('c', 1, false, 'paused')]
    expect(drawRequest(models, { b: { weight: 5 } }, false)).toEqual({
      weights: { a: 1, b: 5, c: 1 },
      enabled: { c: false },
    })
  })

  it('takes in who is switched on, and who gets a first weight', () => {
    const models = [
      model('a', 0, true, 'unweighted'),
      model('b', 1, false, 'paused'),
      model('c', 1, true, 'failing'),
    ]
    const edits = { a: { weight: 1 }, b: { enabled: true } }
    expect(drawRequest(models, edits, false).enabled).toEqual({ a: true, b: true })
  })

  it('leaves failures aside where that is asked, but nobody who is switched off', () => {
    const models = [model('a', 1, true, 'failing'), model('b', 1, false, 'paused'), model('c')]
    expect(drawRequest(models, {}, true).enabled).toEqual({ a: true, b: false, c: true })
  })

  it('is another one once something was saved', () => {
    const before = drawRequest([model('a')], {}, false)
    expect(drawRequest([model('a', 2)], {}, false)).not.toEqual(before)
    expect(drawRequest([model('a', 1, false)], {}, false)).not.toEqual(before)
  })
})

describe('a draw', () => {
  const preview = {
    models: [
      { slug: 'a', weight: 2, share: 0.8 },
      { slug: 'b', weight: 1, share: 0.7 },
      { slug: 'c', weight: 1, share: 0.5 },
      { slug: 'd', weight: 0, share: 0 },
    ],
    pairs: [
      { a: 'a', b: 'b', probability: 0.5 },
      { a: 'a', b: 'c', probability: 0.3 },
      { a: 'b', b: 'c', probability: 0.2 },
      { a: 'a', b: 'd', probability: 0 },
    ],
  }

  it('has a share for everybody, and none for who is not in it', () => {
    const share = sharesOf(preview)
    expect([share('a'), share('nobody')]).toEqual([0.8, 0])
  })

  it('finds a pair from either side', () => {
    const of = pairsOf(preview)
    expect([of('b', 'a'), of('a', 'b'), of('b', 'nobody')]).toEqual([0.5, 0.5, undefined])
  })

  it('shows both ends, without showing a pair twice or one that is never drawn', () => {
    const pairs = drawnPairs(preview)
    expect(pairs).toHaveLength(3)
    expect(drawnModels(preview).map(({ slug }) => slug)).toEqual(['a', 'b', 'c'])
    expect(extremesOf(pairs, 2).least).toEqual([])
    const { most, least } = extremesOf(pairs, 1)
    expect([most, least].map(([pair]) => pair?.probability)).toEqual([0.5, 0.2])
  })
})

describe('the colour of a pair', () => {
  it('is none for an even draw and grows to both sides', () => {
    expect(heatOf(1 / 10, 10)).toBe(0)
    expect(Object.is(heatOf(0.099, 10), -0)).toBe(false)
    expect(heatOf(0.2, 10)).toBeGreaterThan(0)
    expect(heatOf(0.05, 10)).toBe(-heatOf(0.2, 10))
    expect([heatOf(1, 1000), heatOf(0, 10)]).toEqual([5, -5])
  })
})
