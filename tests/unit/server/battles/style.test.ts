import { expect, test } from 'vitest'
import { newTurn, type LiveBattle } from '../../../../server/battles/live-battle.ts'
import { beginTurn } from '../../../../server/battles/state.ts'
import { styleOfBattle } from '../../../../server/battles/style.ts'
import type { Side } from '../../../../shared/verdicts.ts'
import { newLiveBattle } from '../../../support/battles/live-battle.ts'

function say(battle: LiveBattle, side: Side, text: string): void {
  const transcript = battle.turns.at(-1)?.sides[side]
  transcript?.push(text)
  transcript?.finish('stop')
}

function nextTurn(battle: LiveBattle): void {
  battle.turns.push(newTurn('and then?'))
  battle.state = beginTurn(battle.turns.length)
}

test('both sides are counted in turn: tokens, headers, list items, bold passages', () => {
  const battle = newLiveBattle()
  say(battle, 'a', '# Title\n- one\n- two\n**bold** words')
  say(battle, 'b', 'Just words.')
  expect(JSON.parse(styleOfBattle(battle))).toEqual([12, 3, 1, 0, 2, 0, 1, 0])
})

test('all turns count, each on lines of its own', () => {
  const battle = newLiveBattle()
  say(battle, 'a', 'one')
  say(battle, 'b', 'one two')
  nextTurn(battle)
  say(battle, 'a', '- two')
  say(battle, 'b', 'three')
  expect(JSON.parse(styleOfBattle(battle))).toEqual([3, 3, 0, 0, 1, 0, 0, 0])
})

test('what is told is always of the present transcripts: of the last attempt, and as it grows', () => {
  const battle = newLiveBattle()
  say(battle, 'a', '**first** attempt')
  say(battle, 'b', 'words')
  expect(JSON.parse(styleOfBattle(battle))).toEqual([6, 1, 0, 0, 0, 0, 1, 0])
  const transcript = battle.turns[0]?.sides.a
  transcript?.restart()
  say(battle, 'a', 'second')
  expect(JSON.parse(styleOfBattle(battle))).toEqual([1, 1, 0, 0, 0, 0, 0, 0])
  expect(styleOfBattle(battle)).toBe(styleOfBattle(battle))
})

test('a side that said nothing has nothing to count', () => {
  const battle = newLiveBattle()
  say(battle, 'a', '')
  expect(JSON.parse(styleOfBattle(battle))).toEqual([0, 0, 0, 0, 0, 0, 0, 0])
})
