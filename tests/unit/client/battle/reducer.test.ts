import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { reduceBattle, startedBattle, unknownBattle } from '../../../../client/battle/reducer.ts'
import {
  currentTurn,
  isBehind,
  shownText,
  stageOf,
  type BattleState,
} from '../../../../client/battle/state.ts'
import type { BattleView, Delta, DeltaSide, End } from '../../../../shared/schemas/battle.ts'
import { SIDES, type PerSide, type Side } from '../../../../shared/verdicts.ts'

const ID = 'battle'
const started = () => startedBattle(ID, 'Why?')

function delta(side: Side, seq: number, text: string, restart?: true): Delta {
  const part: DeltaSide = { seq, text, ...(restart === undefined ? {} : { restart }) }
  return { battleId: ID, turn: 1, [side]: part }
}
function end(side: Side, seq: number, reason: End['reason'] = 'stop'): End {
  return { battleId: ID, turn: 1, side, seq, reason }
}
function run(state: BattleState, ...events: (Delta | End)[]): BattleState {
  return events.reduce(
    (now, event) =>
      reduceBattle(
        now,
        'reason' in event ? { type: 'end', end: event } : { type: 'delta', delta: event },
      ),
    state,
  )
}
const textOf = (state: BattleState, side: Side) => {
  const held = currentTurn(state)?.sides[side]
  return held === undefined ? undefined : shownText(held)
}

describe('deltas', () => {
  it('join in the order of their numbers', () => {
    const state = run(started(), delta('a', 1, 'Be'), delta('b', 1, 'x'), delta('a', 2, 'cause'))
    expect(textOf(state, 'a')).toBe('Because')
    expect(textOf(state, 'b')).toBe('x')
  })

  it('carry both sides in one frame', () => {
    const frame: Delta = {
      battleId: ID,
      turn: 1,
      a: { seq: 1, text: 'A' },
      b: { seq: 1, text: 'B' },
    }
    const state = run(started(), frame)
    expect([textOf(state, 'a'), textOf(state, 'b')]).toEqual(['A', 'B'])
  })

  it('are dropped when they are held already', () => {
    const state = run(started(), delta('a', 1, 'one'), delta('a', 1, 'one'))
    expect(textOf(state, 'a')).toBe('one')
  })

  it('that come too early change nothing but ask for a resume', () => {
    const state = run(started(), delta('a', 1, 'one'), delta('a', 3, 'three'))
    expect(textOf(state, 'a')).toBe('one')
    expect(isBehind(state)).toBe(true)
    const caughtUp = run(state, delta('a', 2, ' two '), delta('a', 3, 'three'))
    expect(textOf(caughtUp, 'a')).toBe('one two three')
    expect(isBehind(caughtUp)).toBe(false)
  })

  it('begin the answer anew with restart, whatever was missed before it', () => {
    const failed = run(started(), delta('a', 1, 'half'), end('a', 1, 'error'))
    const state = run(failed, delta('a', 5, 'whole', true), delta('a', 6, '.'))
    expect(textOf(state, 'a')).toBe('whole.')
    expect(currentTurn(state)?.sides.a.end).toBeNull()
    expect(isBehind(state)).toBe(false)
  })

  it('of other battles and unknown turns are not ours', () => {
    const state = started()
    expect(run(state, { ...delta('a', 1, 'x'), battleId: 'other' })).toBe(state)
    expect(run(state, { ...delta('a', 1, 'x'), turn: 2 })).toBe(state)
  })
})

describe('ends', () => {
  it('may come again', () => {
    const state = run(started(), delta('a', 1, 'x'), end('a', 1), end('a', 1))
    expect(currentTurn(state)?.sides.a.end).toEqual({ reason: 'stop' })
  })

  it('that close more than is held ask for a resume', () => {
    const state = run(started(), delta('a', 1, 'x'), end('a', 2))
    expect(currentTurn(state)?.sides.a.end).toBeNull()
    expect(isBehind(state)).toBe(true)
  })

  it('of an earlier attempt do not close the present one', () => {
    const state = run(started(), delta('a', 1, 'x'), delta('a', 2, 'y', true), end('a', 1, 'error'))
    expect(currentTurn(state)?.sides.a.end).toBeNull()
  })
})

describe('stages', () => {
  const bothEnded = (reasonB: End['reason']) =>
    run(started(), delta('a', 1, 'x'), end('a', 1), end('b', 0, reasonB))

  it('go from streaming to judging when both have ended', () => {
    expect(stageOf(started()).name).toBe('streaming')
    expect(stageOf(run(started(), end('a', 0))).name).toBe('streaming')
    expect(stageOf(bothEnded('stopped')).name).toBe('judging')
  })

  it('are failed while a side could not answer, and streaming again on retry', () => {
    const state = bothEnded('error')
    expect(stageOf(state)).toEqual({ name: 'failed', sides: ['b'] })
    const retrying = reduceBattle(state, { type: 'retrying', sides: ['b'] })
    expect(stageOf(retrying).name).toBe('streaming')
    const ends = { b: { reason: 'error' as const } }
    expect(stageOf(reduceBattle(retrying, { type: 'retry-failed', ends })).name).toBe('failed')
  })

  it('go back to streaming with a follow-up, and forward again if it cannot be asked', () => {
    const asked = reduceBattle(bothEnded('stop'), { type: 'asked', prompt: 'And?' })
    expect(currentTurn(asked)).toMatchObject({ turn: 2, prompt: 'And?', confirmed: false })
    expect(stageOf(asked).name).toBe('streaming')
    expect(stageOf(reduceBattle(asked, { type: 'ask-failed' })).name).toBe('judging')
    expect(currentTurn(reduceBattle(asked, { type: 'ask-confirmed' }))?.confirmed).toBe(true)
  })
})

describe('restoring', () => {
  const view: BattleView = {
    battleId: ID,
    phase: 'answered',
    createdAt: '2026-01-01T00:00:00Z',
    turns: [
      {
        turn: 1,
        prompt: 'Why?',
        a: { text: 'Because of this', end: { reason: 'stop' } },
        b: { text: '', end: { reason: 'stopped' } },
      },
    ],
  }

  it('shows what HTTP tells until the replay has caught up with it', () => {
    let state = reduceBattle(unknownBattle(ID), { type: 'restored', view })
    expect(textOf(state, 'a')).toBe('Because of this')
    expect(stageOf(state).name).toBe('judging')
    state = run(state, delta('a', 1, 'Because '))
    expect(textOf(state, 'a')).toBe('Because of this')
    state = run(state, delta('a', 2, 'of this'), end('a', 2))
    expect(textOf(state, 'a')).toBe('Because of this')
    expect(currentTurn(state)?.sides.a).toMatchObject({ seq: 2, preview: null })
  })

  it('never replaces what the socket brought', () => {
    const held = run(started(), delta('a', 1, 'Because of this, and more'))
    const state = reduceBattle(held, { type: 'restored', view })
    expect(textOf(state, 'a')).toBe('Because of this, and more')
  })
})

// What the arena may send of one side: attempts cut into frames, each with its number.
const attempts = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 6 }), { maxLength: 8 }), {
  minLength: 1,
  maxLength: 3,
})
type Script = { frames: DeltaSide[]; final: string; last: number }

function script(texts: readonly (readonly string[])[]): Script {
  const frames: DeltaSide[] = []
  let final = ''
  texts.forEach((parts, attempt) => {
    parts.forEach((text, index) => {
      const restart = attempt > 0 && index === 0
      if (restart || index === 0) final = ''
      final += text
      frames.push({ seq: frames.length + 1, text, ...(restart ? { restart: true as const } : {}) })
    })
  })
  return { frames, final, last: frames.length }
}

describe('any interleaving', () => {
  it('of repeated, lost and replayed frames ends in the same bytes', () => {
    const noise = fc.array(
      fc.record({
        side: fc.constantFrom(...SIDES),
        kind: fc.constantFrom('next', 'next', 'next', 'repeat', 'lose', 'resume', 'end-again'),
        at: fc.nat(30),
      }),
      { maxLength: 80 },
    )
    fc.assert(
      fc.property(attempts, attempts, noise, (textsA, textsB, events) => {
        const scripts: PerSide<Script> = { a: script(textsA), b: script(textsB) }
        const sent: PerSide<number> = { a: 0, b: 0 }
        let state = started()
        const give = (side: Side, frame: DeltaSide | undefined) => {
          if (frame !== undefined) state = run(state, { battleId: ID, turn: 1, [side]: frame })
        }
        const resume = () => {
          for (const side of SIDES) {
            const held = currentTurn(state)?.sides[side].seq ?? 0
            for (const frame of scripts[side].frames.slice(held, sent[side])) give(side, frame)
            if (sent[side] === scripts[side].last) state = run(state, end(side, sent[side]))
          }
        }
        for (const { side, kind, at } of events) {
          const { frames } = scripts[side]
          if (kind === 'next') give(side, frames[sent[side]++])
          else if (kind === 'lose') sent[side]++
          else if (kind === 'repeat') give(side, frames[at % Math.max(1, sent[side])])
          else if (kind === 'resume') resume()
          else state = run(state, end(side, at % (frames.length + 1)))
          sent[side] = Math.min(sent[side], frames.length)
        }
        for (const side of SIDES) sent[side] = scripts[side].frames.length
        resume()
        expect(isBehind(state)).toBe(false)
        for (const side of SIDES) {
          expect(textOf(state, side)).toBe(scripts[side].final)
          expect(currentTurn(state)?.sides[side].end).toEqual({ reason: 'stop' })
        }
      }),
      { numRuns: 500 },
    )
  })
})
