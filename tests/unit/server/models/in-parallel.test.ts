import { expect, test } from 'vitest'
import { inParallel } from '../../../../server/models/in-parallel.ts'

function setUp() {
  const running = new Map<number, () => void>()
  const begun: number[] = []
  const act = (item: number) => {
    begun.push(item)
    return new Promise<string>((resolve) => running.set(item, () => resolve(`done ${item}`)))
  }
  return { begun, act, end: (item: number) => running.get(item)?.() }
}

test('so many at a time, and results as they come', async () => {
  const { begun, act, end } = setUp()
  const results = inParallel([1, 2, 3, 4, 5], act, 2, new AbortController().signal)
  const first = results.next()
  expect(begun).toEqual([1, 2])
  end(2)
  expect(await first).toEqual({ done: false, value: 'done 2' })
  const second = results.next()
  expect(begun).toEqual([1, 2, 3])
  end(1)
  expect(await second).toEqual({ done: false, value: 'done 1' })
  for (const item of [3, 4, 5]) {
    const next = results.next()
    end(item)
    expect(await next).toEqual({ done: false, value: `done ${item}` })
  }
  expect(await results.next()).toEqual({ done: true, value: undefined })
})

test('nothing is begun any more once it is called off', async () => {
  const { begun, act, end } = setUp()
  const controller = new AbortController()
  const results = inParallel([1, 2, 3], act, 1, controller.signal)
  const first = results.next()
  end(1)
  await first
  controller.abort()
  expect(await results.next()).toEqual({ done: true, value: undefined })
  expect(begun).toEqual([1])
})
