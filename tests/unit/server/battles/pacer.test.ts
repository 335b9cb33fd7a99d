import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Pacer } from '../../../../server/battles/pacer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('everything that arrives within a window goes out in one tick, and then it is quiet', () => {
  const flushed: string[] = []
  const pacer = new Pacer({ now: () => Date.now(), flush: (id) => (flushed.push(id), false) })
  pacer.mark('one')
  pacer.mark('two')
  pacer.mark('one')
  expect(flushed).toEqual([])
  vi.advanceTimersByTime(100)
  expect(flushed).toEqual(['one', 'two'])
  expect(vi.getTimerCount()).toBe(0)
})

test('a battle that a reader could not take is told again at the next tick', () => {
  let behind = true
  const flushed: string[] = []
  const pacer = new Pacer({ now: () => Date.now(), flush: (id) => (flushed.push(id), behind) })
  pacer.mark('one')
  vi.advanceTimersByTime(100)
  behind = false
  vi.advanceTimersByTime(200)
  expect(flushed).toEqual(['one', 'one'])
  expect(vi.getTimerCount()).toBe(0)
})

test('windows widen while sending takes long, up to 200 ms, and shrink in quiet, down to 50', () => {
  let clock = 0
  let cost = 60
  const pacer = new Pacer({ now: () => clock, flush: () => ((clock += cost), false) })
  const tick = () => {
    pacer.mark('one')
    clock += pacer.windowMs
    vi.advanceTimersByTime(pacer.windowMs)
  }
  for (let ticks = 0; ticks < 20; ticks += 1) tick()
  expect(pacer.windowMs).toBe(200)
  cost = 0
  for (let ticks = 0; ticks < 100; ticks += 1) tick()
  expect(pacer.windowMs).toBe(50)
})
