import { describe, expect, it } from 'vitest'
import { planMemory, whyShorter } from '../../../../inference/loading/memory.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3
const size = (externalBytes: number, graphBytes = 0) => ({ externalBytes, graphBytes })

describe('planMemory on the CPU', () => {
  const plan = (freeBytes: number | null, external = 6.875 * GIB, cacheBytes = GIB) =>
    planMemory(size(external), { hostFreeBytes: freeBytes, deviceFreeBytes: null, cacheBytes })

  it('says what a model needs and what is free', () => {
    // 1.3 times the weights, 128 MiB beside them, 16 MiB for the smallest cache.
    expect(plan(7.8 * GIB)).toEqual({
      fits: false,
      reason: 'needs 9.1 GiB of memory, 7.8 GiB free',
    })
  })

  it('gives caches all that is allowed where there is room, and the rest where there is not', () => {
    expect(plan(20 * GIB)).toEqual({ fits: true, cacheBytes: GIB })
    const needed = Math.ceil(6.875 * GIB * 1.3) + 128 * MIB
    expect(plan(needed + 100 * MIB)).toEqual({
      fits: true,
      cacheBytes: expect.closeTo(100 * MIB, -1),
    })
    expect(plan(needed + 16 * MIB)).toMatchObject({ fits: true })
    expect(plan(needed + 15 * MIB)).toMatchObject({ fits: false })
  })

  it('takes weights in the graph itself for more than those beside it', () => {
    const memory = { hostFreeBytes: 1.4 * GIB, deviceFreeBytes: null, cacheBytes: 0 }
    expect(planMemory(size(900 * MIB), memory).fits).toBe(true)
    expect(planMemory(size(0, 900 * MIB), memory).fits).toBe(false)
  })

  it('lets everything pass where nobody tells what is free', () => {
    expect(plan(null, 100 * GIB)).toEqual({ fits: true, cacheBytes: GIB })
  })
})

describe('planMemory on a GPU', () => {
  const plan = (hostFreeBytes: number | null, deviceFreeBytes: number) =>
    planMemory(size(4 * GIB), { hostFreeBytes, deviceFreeBytes, cacheBytes: GIB })

  it('asks for room there', () => {
    expect(plan(null, 4 * GIB)).toEqual({
      fits: false,
      reason: 'needs 5.0 GiB of GPU memory, 4.0 GiB free',
    })
    expect(plan(null, 24 * GIB)).toEqual({ fits: true, cacheBytes: GIB })
  })

  it('asks for room in the host as well, where weights pass through', () => {
    expect(plan(2 * GIB, 24 * GIB)).toEqual({
      fits: false,
      reason: 'needs 5.8 GiB of memory, 2.0 GiB free',
    })
  })
})

describe('whyShorter', () => {
  it('is silent about a context of full length', () => {
    expect(whyShorter(2048, 2048, 46_080)).toBeNull()
  })

  it('says how long it is and what a full one would take', () => {
    expect(whyShorter(65_536, 8192, 46_080)).toBe(
      'its context is 8192 of 65536 tokens: a cache of full length needs 2.8 GiB, there is room for 0.4 GiB',
    )
  })
})
