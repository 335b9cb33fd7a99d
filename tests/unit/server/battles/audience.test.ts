import { expect, test } from 'vitest'
import { Audience, MAX_QUEUED_BYTES, type Reader } from '../../../../server/battles/audience.ts'
import { newTurn } from '../../../../server/battles/live-battle.ts'
import type { Delta, End } from '../../../../shared/schemas/battle.ts'
import { newLiveBattle } from '../../../support/battles/live-battle.ts'

/** A reader whose queue the test sets. */
function newReader(id: string) {
  const heard: (Delta | End)[] = []
  const reader: Reader & { queued: number; open: boolean } = {
    id,
    open: true,
    isOpen: () => reader.open,
    queued: 0,
    queuedBytes: () => reader.queued,
    sendDelta: (delta) => void heard.push(delta),
    sendEnd: (end) => void heard.push(end),
  }
  return { reader, heard }
}

const FROM_START = { a: 0, b: 0 }

test('one frame carries what both sides have, and ends follow their last frames', () => {
  const battle = newLiveBattle()
  const audience = new Audience()
  const { reader, heard } = newReader('r')
  audience.join(battle, reader, 1, FROM_START)
  const { a, b } = battle.turns[0]?.sides ?? newTurn('').sides
  a.push('A')
  b.push('B')
  a.cut()
  b.cut()
  a.finish('stop')
  expect(audience.tell(battle)).toBe(false)
  expect(heard).toEqual([
    { battleId: 'battle', turn: 1, a: { seq: 1, text: 'A' }, b: { seq: 1, text: 'B' } },
    { battleId: 'battle', turn: 1, side: 'a', seq: 1, reason: 'stop' },
  ])
  audience.tell(battle)
  expect(heard).toHaveLength(2)
})

test('a reader who stalls gets nothing more, holds up nobody, and goes on where it was', () => {
  const battle = newLiveBattle()
  const audience = new Audience()
  const slow = newReader('slow')
  const quick = newReader('quick')
  audience.join(battle, slow.reader, 1, FROM_START)
  audience.join(battle, quick.reader, 1, FROM_START)
  const a = battle.turns[0]?.sides.a
  slow.reader.queued = MAX_QUEUED_BYTES + 1
  for (const text of ['one ', 'two ', 'three']) {
    a?.push(text)
    a?.cut()
    expect(audience.tell(battle)).toBe(true)
  }
  expect(quick.heard).toHaveLength(3)
  expect(slow.heard).toHaveLength(0)
  slow.reader.queued = 0
  expect(audience.tell(battle)).toBe(false)
  expect(slow.heard).toEqual(quick.heard)
})

test('a reader who has heard all of a turn goes on to the next one', () => {
  const battle = newLiveBattle()
  const audience = new Audience()
  const { reader, heard } = newReader('r')
  audience.join(battle, reader, 1, FROM_START)
  for (const side of ['a', 'b'] as const) battle.turns[0]?.sides[side].finish('stop')
  battle.turns.push(newTurn('more'))
  battle.turns[1]?.sides.b.push('second turn')
  battle.turns[1]?.sides.b.cut()
  audience.tell(battle)
  expect(heard.at(-1)).toEqual({ battleId: 'battle', turn: 2, b: { seq: 1, text: 'second turn' } })
})

test('who has left hears nothing, and who left before the seat was made gets none', () => {
  const battle = newLiveBattle()
  const audience = new Audience()
  const { reader, heard } = newReader('r')
  audience.join(battle, reader, 1, FROM_START)
  expect(audience.has(battle, reader)).toBe(true)
  audience.leave('r')
  reader.open = false
  audience.join(battle, reader, 1, FROM_START)
  expect(audience.has(battle, reader)).toBe(false)
  battle.turns[0]?.sides.a.finish('error')
  audience.tell(battle)
  expect(heard).toEqual([])
})

test('a long replay comes in portions, in order and complete', () => {
  const battle = newLiveBattle()
  const audience = new Audience()
  const { reader, heard } = newReader('r')
  const a = battle.turns[0]?.sides.a
  for (let frame = 0; frame < 1000; frame += 1) {
    a?.push(`${frame} `)
    a?.cut()
  }
  audience.join(battle, reader, 1, FROM_START)
  let portions = 1
  while (audience.tell(battle)) portions += 1
  expect(portions).toBeGreaterThan(3)
  expect(heard.map((item) => ('a' in item ? item.a?.seq : undefined))).toEqual(
    Array.from({ length: 1000 }, (_, index) => index + 1),
  )
})

test('one connection has a bounded number of seats: the oldest are given up', () => {
  const audience = new Audience()
  const { reader } = newReader('r')
  const battles = Array.from({ length: 40 }, (_, n) => ({ ...newLiveBattle(), id: `battle-${n}` }))
  for (const battle of battles) audience.join(battle, reader, 1, FROM_START)
  const seated = battles.filter((battle) => audience.has(battle, reader))
  expect(seated).toEqual(battles.slice(-32))
})

test('a failed side ends in the same words for every cause', () => {
  const battle = newLiveBattle()
  const audience = new Audience()
  const { reader, heard } = newReader('r')
  audience.join(battle, reader, 1, FROM_START)
  battle.turns[0]?.sides.b.finish('error')
  audience.tell(battle)
  expect(heard).toEqual([
    {
      battleId: 'battle',
      turn: 1,
      side: 'b',
      seq: 0,
      reason: 'error',
      error: {
        code: 'unavailable',
        message: 'This model could not answer. Try it again, or replace it.',
        retryable: true,
      },
    },
  ])
})
