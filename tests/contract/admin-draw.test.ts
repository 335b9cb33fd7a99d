import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ADMIN_TOKEN } from '../support/arena/arena.ts'
import { call } from '../support/arena/outsider.ts'
import { play, setStage, type Stage } from '../support/arena/stage.ts'

type Preview = {
  models: { slug: string; weight: number; share: number }[]
  pairs: { a: string; b: string; probability: number }[]
}

let stage: Stage

beforeAll(async () => {
  stage = await setStage({}, ['alpha', 'beta', 'gamma', 'delta'])
})
afterAll(() => stage.close())

const ask = (body?: unknown) =>
  call(`${stage.arena.url}/api/v1/admin/draw`, { method: 'POST', token: ADMIN_TOKEN, body })
const preview = async (body?: unknown) => {
  const answer = await ask(body)
  expect(answer.status).toBe(200)
  return answer.json() as Preview
}
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
const change = (slug: string, body: object) =>
  stage.arena.admin('PATCH', `/api/v1/admin/models/${slug}`, body)

describe('POST /api/v1/admin/draw', () => {
  test('says with which share each is drawn, and each pair with its probability', async () => {
    const { models, pairs } = await preview({})
    expect(models.map(({ slug }) => slug)).toEqual(['alpha', 'beta', 'delta', 'gamma'])
    expect(pairs).toHaveLength(6)
    expect(sum(pairs.map(({ probability }) => probability))).toBeCloseTo(1, 12)
    expect(sum(models.map(({ share }) => share))).toBeCloseTo(2, 12)
    for (const { share, weight } of models) {
      expect(weight).toBe(1)
      expect(share).toBeCloseTo(0.5, 12)
    }
    expect(await preview()).toEqual({ models, pairs })
  })

  test('follows the weights and the switches that it is asked about, and changes nothing', async () => {
    const before = await preview({})
    const { models, pairs } = await preview({
      weights: { alpha: 3, beta: 0 },
      enabled: { gamma: false },
    })
    expect(models).toEqual([
      { slug: 'alpha', weight: 3, share: 1 },
      { slug: 'beta', weight: 0, share: 0 },
      { slug: 'delta', weight: 1, share: 1 },
    ])
    expect(pairs).toEqual([{ a: 'alpha', b: 'delta', probability: 1 }])
    expect(await preview({})).toEqual(before)
    // w_i · w_j over all pairs: 3·1·3 pairs of alpha, 1·1·3 others.
    const weighted = await preview({ weights: { alpha: 3 } })
    expect(
      weighted.pairs.find(({ a, b }) => a === 'alpha' && b === 'beta')?.probability,
    ).toBeCloseTo(3 / 12, 12)
    expect(weighted.models[0]?.share).toBeCloseTo(9 / 12, 12)
  })

  test('is what the matchmaker does: battles carry the same probability', async () => {
    const { socket } = await stage.visitor()
    const { battleId } = await play(socket)
    socket.disconnect()
    const { a, b } = stage.seats(battleId)
    const { pairs } = await preview({})
    const pair = pairs.find(
      (each) => [each.a, each.b].toSorted().join() === [a, b].toSorted().join(),
    )
    const view = await call(`${stage.arena.url}/api/v1/admin/battles?limit=1`, {
      token: ADMIN_TOKEN,
    })
    const { items } = view.json() as { items: { battleId: string; pairProbability: number }[] }
    expect(items[0]).toMatchObject({ battleId, pairProbability: pair?.probability })
  })

  test('takes models in that are out now, and says who is out', async () => {
    await change('delta', { enabled: false })
    expect((await preview({})).models.map(({ slug }) => slug)).not.toContain('delta')
    const back = await preview({ enabled: { delta: true }, weights: { delta: 2 } })
    expect(back.models).toContainEqual({
      slug: 'delta',
      weight: 2,
      share: expect.closeTo(6 / 9, 12) as number,
    })
    await change('delta', { enabled: true })
    const alone = await preview({ enabled: { beta: false, gamma: false, delta: false } })
    expect(alone).toEqual({ models: [{ slug: 'alpha', weight: 1, share: 0 }], pairs: [] })
  })

  test.each([
    ['weights.nobody', { weights: { nobody: 1 } }],
    ['enabled.nobody', { enabled: { nobody: false } }],
    ['enabled.gone', { enabled: { gone: true } }],
    ['weights.alpha', { weights: { alpha: -1 } }],
    ['weights.alpha', { weights: { alpha: 1001 } }],
    ['enabled.alpha', { enabled: { alpha: 1 } }],
    ['seed', { seed: 1 }],
  ])('names what is wrong: %s', async (field, body) => {
    if (field === 'enabled.gone') {
      await stage.arena.register('gone', stage.provider.baseUrl)
      await stage.arena.admin('DELETE', '/api/v1/admin/models/gone')
    }
    const answer = await ask(body)
    expect(answer).toMatchObject({ status: 422, code: 'invalid_input' })
    expect(answer.json()).toMatchObject({ details: { field } })
  })
})
