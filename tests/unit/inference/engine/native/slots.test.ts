import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SlotCache } from '../../../../../inference/engine/native/slot-cache.ts'
import { Slots, type SlotSequence } from '../../../../../inference/engine/native/slots.ts'

const CHUNK = 4
/** Tokens that free slots may keep: few, so that some are forgotten. */
const KEPT = 20

/** A cache of one number a token: what the slot's own tokens would have left there. */
function fakeCache(slots: number) {
  const memory = Array.from({ length: slots }, (): number[] => [])
  const cache: Pick<SlotCache, 'copy' | 'swap' | 'forget'> = {
    forget(slot) {
      memory[slot] = []
    },
    copy(from, to, length) {
      memory[to] = [...(memory[from] ?? []).slice(0, length), ...(memory[to] ?? []).slice(length)]
    },
    swap(one, other, length) {
      const [a, b] = [memory[one] ?? [], memory[other] ?? []]
      memory[one] = [...b.slice(0, length), ...a.slice(length)]
      memory[other] = [...a.slice(0, length), ...b.slice(length)]
    },
  }
  return { memory, cache: cache as SlotCache }
}

describe('Slots', () => {
  it('never loses, mixes or invents what a sequence has read, whoever comes and goes', () => {
    const act = fc.oneof(
      fc.record({
        kind: fc.constant('open' as const),
        prompt: fc.array(fc.nat(1), { maxLength: 14 }),
      }),
      fc.record({
        kind: fc.constant('chunk' as const),
        who: fc.nat(),
        size: fc.integer({ min: 1, max: 4 }),
      }),
      fc.record({ kind: fc.constant('step' as const), whos: fc.array(fc.nat(), { minLength: 1 }) }),
      fc.record({ kind: fc.constant('free' as const), who: fc.nat() }),
    )
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const { memory, cache } = fakeCache(4)
        const slots = new Slots(cache, 4, CHUNK, KEPT)
        const running: { sequence: SlotSequence; read: number[]; plan: number[] }[] = []
        const write = (one: (typeof running)[number], ids: readonly number[]) => {
          const { sequence } = one
          const row = (memory[sequence.slot] ??= [])
          ids.forEach((id, index) => (row[sequence.length + index] = id))
          slots.read(sequence, ids)
          one.read.push(...ids)
        }
        for (const each of acts) {
          const pick = (who: number) => running[who % Math.max(1, running.length)]
          if (each.kind === 'open' && running.length < 4) {
            const sequence = slots.take(each.prompt)
            const known = sequence.length
            expect(known % CHUNK).toBe(0)
            expect(known === 0 || known < each.prompt.length).toBe(true)
            running.push({
              sequence,
              read: each.prompt.slice(0, known),
              plan: each.prompt.slice(known),
            })
          } else if (each.kind === 'chunk') {
            const one = pick(each.who)
            if (one !== undefined) {
              const ids = one.plan.splice(0, each.size)
              if (ids.length > 0) write(one, ids)
            }
          } else if (each.kind === 'step') {
            const group = [...new Set(each.whos.map(pick))].filter((one) => one !== undefined)
            slots.gather(group.map(({ sequence }) => sequence))
            expect(group.map(({ sequence }) => sequence.slot).toSorted((a, b) => a - b)).toEqual(
              group.map((_, index) => index),
            )
            for (const one of group) write(one, [one.read.length % 2])
          } else if (each.kind === 'free') {
            const one = pick(each.who)
            if (one !== undefined) {
              slots.release(one.sequence)
              running.splice(running.indexOf(one), 1)
            }
          }
          const inUse = running.reduce((sum, { sequence }) => sum + sequence.length, 0)
          const written = memory.reduce((sum, row) => sum + row.length, 0)
          if (running.length === 0) expect(written).toBeLessThanOrEqual(Math.max(KEPT, inUse))
          for (const { sequence, read } of running) {
            expect(memory[sequence.slot]?.slice(0, sequence.length)).toEqual(read)
          }
        }
      }),
      { numRuns: 400 },
    )
  })
})
