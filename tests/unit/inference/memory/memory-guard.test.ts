import { expect, it } from 'vitest'
import { MemoryGuard } from '../../../../inference/memory/memory-guard.ts'

const MIB = 1024 ** 2
const LIMIT = 1000 * MIB

function setUp(freeMib: number) {
  const state = { free: freeMib, now: 0, kept: 0, trims: 0, reads: 0 }
  const guard = new MemoryGuard({
    read: () => {
      state.reads += 1
      return { freeBytes: state.free * MIB, limitBytes: LIMIT }
    },
    now: () => state.now,
    trim: () => {
      state.trims += 1
      state.free += state.kept
      state.kept = 0
    },
  })
  return { guard, state }
}

it('allows what leaves a margin, and refuses the rest', () => {
  const { guard } = setUp(100)
  expect(guard.allows(68 * MIB)).toBe(true)
  expect(guard.allows(69 * MIB)).toBe(false)
  expect(guard.isShort).toBe(false)
})

it('gives back what is only kept before it refuses', () => {
  const { guard, state } = setUp(40)
  state.kept = 30
  expect(guard.allows(8 * MIB)).toBe(true)
  expect(state.trims).toBe(0)
  expect(guard.allows(20 * MIB)).toBe(true)
  expect(state.trims).toBe(1)
})

it('is short of memory when not even the margin is left, until it is again', () => {
  const { guard, state } = setUp(20)
  expect(guard.isShort).toBe(true)
  expect(guard.allows(0)).toBe(false)
  state.free = 100
  state.now += 1000
  expect(guard.isShort).toBe(false)
  expect(guard.allows(0)).toBe(true)
})

it('reads once for a burst of requests', () => {
  const { guard, state } = setUp(500)
  for (let index = 0; index < 100; index += 1) guard.allows(1)
  expect(state.reads).toBe(1)
})

it('allows everything where the system does not tell', () => {
  const guard = new MemoryGuard({ read: () => null, now: () => 0, trim: () => {} })
  expect(guard.allows(Infinity)).toBe(true)
  expect(guard.isShort).toBe(false)
})
