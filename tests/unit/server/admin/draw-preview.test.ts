import { expect, test } from 'vitest'
import { createDrawPreview } from '../../../../server/admin/draw-preview.ts'
import type { Entrant } from '../../../../server/models/entrants.ts'

test('takes the weight of a model that is called like a member of every object', () => {
  const entrants: Entrant[] = ['alpha', 'constructor'].map((slug) => ({
    slug,
    version: 1,
    weight: 2,
  }))
  const preview = createDrawPreview({
    entrants: { eligible: () => entrants, ref: () => undefined },
    service: {
      get: () => {
        throw new Error('nobody is named')
      },
    },
    matchmaker: { preview: () => [] },
  })
  expect(preview({ weights: {}, enabled: {} }).models).toEqual([
    { slug: 'alpha', weight: 2, share: 0 },
    { slug: 'constructor', weight: 2, share: 0 },
  ])
})
