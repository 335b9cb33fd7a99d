import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  beginTurn,
  beginVote,
  continueBattle,
  expire,
  retrySides,
  runningSides,
  sideEnded,
  voteFailed,
  voteRecorded,
  wirePhase,
  type Battle,
  type Settled,
} from '../../../../server/battles/state.ts'
import type { Verdicts } from '../../../../shared/verdicts.ts'

const VERDICTS: Verdicts = { accuracy: 'a', helpfulness: 'tie', language: 'skip' }
const COMPLETE: Settled = { status: 'complete', reason: 'stop' }
const STOPPED: Settled = { status: 'complete', reason: 'stopped' }
const FAILED: Settled = { status: 'failed' }

type Act = (battle: Battle) => Battle

/** A refused act leaves the battle as it is. */
const acts: Record<string, Act> = {
  ...Object.fromEntries(
    (['a', 'b'] as const).flatMap((side) =>
      [COMPLETE, STOPPED, FAILED].map((end, index) => [
        `end ${side} ${index}`,
        (battle: Battle) => (battle.phase === 'streaming' ? sideEnded(battle, side, end) : battle),
      ]),
    ),
  ),
  continue: (battle) => {
    const next = continueBattle(battle)
    return next.ok ? next.value : battle
  },
  retry: (battle) => {
    const retried = retrySides(battle, undefined)
    return retried.ok ? retried.value.battle : battle
  },
  'retry a': (battle) => {
    const retried = retrySides(battle, 'a')
    return retried.ok ? retried.value.battle : battle
  },
  vote: (battle) => {
    const voting = beginVote(battle, VERDICTS)
    return voting.ok ? voting.value : battle
  },
  recorded: (battle) => (battle.phase === 'recording' ? voteRecorded(battle) : battle),
  unrecorded: (battle) => (battle.phase === 'recording' ? voteFailed(battle) : battle),
  expire,
}

test('whatever happens, a vote is only taken of two complete answers, and once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.keys(acts)), { maxLength: 40 }), (names) => {
      let battle: Battle = beginTurn(1)
      let votes = 0
      for (const name of names) {
        const before = battle
        battle = acts[name]?.(battle) ?? battle
        if (battle.phase === 'recording' && before.phase !== 'recording') {
          expect(before.phase).toBe('answered')
          expect([battle.a.status, battle.b.status]).toEqual(['complete', 'complete'])
        }
        if (battle.phase === 'voted' && before.phase !== 'voted') votes += 1
        if (before.phase === 'voted' || before.phase === 'expired') expect(battle).toBe(before)
        if (battle.phase === 'streaming') expect(runningSides(battle).length).toBeGreaterThan(0)
        else expect(runningSides(battle)).toEqual([])
        expect(battle.turn).toBeGreaterThanOrEqual(before.turn)
      }
      expect(votes).toBeLessThanOrEqual(1)
    }),
  )
})

test('a failed side keeps a battle from the next turn and from a vote until it is retried', () => {
  const broken = sideEnded(sideEndedOnly('a', COMPLETE), 'b', FAILED)
  expect(wirePhase(broken)).toBe('answered')
  expect(continueBattle(broken)).toMatchObject({ ok: false, error: { code: 'conflict' } })
  expect(beginVote(broken, VERDICTS)).toMatchObject({
    ok: false,
    error: { code: 'battle_not_votable' },
  })
  expect(retrySides(broken, 'a')).toMatchObject({ ok: false, error: { code: 'conflict' } })
  const retried = retrySides(broken, undefined)
  expect(retried).toMatchObject({
    ok: true,
    value: { sides: ['b'], battle: { phase: 'streaming' } },
  })
})

test('one side can be retried while the other is still answering', () => {
  const halfway = sideEndedOnly('b', FAILED)
  expect(retrySides(halfway, 'b')).toMatchObject({ ok: true, value: { sides: ['b'] } })
  expect(retrySides(halfway, 'a')).toMatchObject({ ok: false, error: { code: 'conflict' } })
})

test('a battle that was judged never expires, one that was not refuses everything after', () => {
  const answered = sideEnded(sideEndedOnly('a', COMPLETE), 'b', STOPPED)
  const expired = expire(answered)
  expect(expired.phase).toBe('expired')
  expect(beginVote(expired, VERDICTS)).toMatchObject({ error: { code: 'battle_closed' } })
  const voting = beginVote(answered, VERDICTS)
  if (!voting.ok) throw new Error('refused')
  const voted = voteRecorded(voting.value)
  expect(expire(voted)).toBe(voted)
  expect(continueBattle(voted)).toMatchObject({ error: { code: 'battle_closed' } })
})

/** A first turn in which one side has ended. */
function sideEndedOnly(side: 'a' | 'b', end: Settled) {
  const battle = sideEnded(beginTurn(1), side, end)
  if (battle.phase !== 'streaming') throw new Error('both sides have ended')
  return battle
}
