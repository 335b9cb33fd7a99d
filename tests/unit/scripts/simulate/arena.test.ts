import { describe, expect, test } from 'vitest'
import { simulateArena, type SimulationOptions } from '../../../../scripts/simulate/arena.ts'
import { firstPrompts, SIMULATED_LANGUAGES } from '../../../../scripts/simulate/prompts.ts'
import { classify } from '../../../../server/classification/classifier.ts'
import { DIMENSIONS } from '../../../../shared/dimensions.ts'
import { outcomeOf } from '../../../../shared/ratings/outcomes.ts'
import { rateVotes } from '../../../../shared/ratings/rate.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../../../shared/ratings/vote-table.ts'
import { saysSomething } from '../../../../shared/verdicts.ts'

const DAY = 86_400_000
const OPTIONS: SimulationOptions = { models: 12, votes: 1500, seed: 4, days: 10, now: 100 * DAY }

const arena = simulateArena(OPTIONS)
const battles = [...arena.battles]

test('equal seeds give equal arenas, to the bit; another seed gives another', () => {
  const again = simulateArena(OPTIONS)
  expect(again.models).toEqual(arena.models)
  expect([...again.battles]).toEqual(battles)
  const other = [...simulateArena({ ...OPTIONS, seed: 5 }).battles]
  expect(other).toHaveLength(battles.length)
  expect(other).not.toEqual(battles)
})

describe('every vote', () => {
  test('is one that the arena could have taken', () => {
    let last = OPTIONS.now - OPTIONS.days * DAY
    const joined = new Map(arena.models.map((model) => [model.slug, arena.joinedAt(model)]))
    for (const { battle, turns, answers, vote } of battles) {
      expect(saysSomething(vote)).toBe(true)
      expect(vote.slug_a).not.toBe(vote.slug_b)
      expect(vote).toMatchObject({
        battle_id: battle.id,
        voter: battle.visitor,
        slug_a: battle.slug_a,
        slug_b: battle.slug_b,
        prompt_language: battle.language,
        category: battle.category,
        pair_probability: battle.pair_probability,
        turns: turns.length,
      })
      expect(vote.pair_probability).toBeGreaterThan(0)
      expect(vote.pair_probability).toBeLessThanOrEqual(1)
      expect(answers).toHaveLength(2 * turns.length)
      expect(vote.created_at).toBeGreaterThanOrEqual(last)
      expect(vote.created_at).toBeGreaterThanOrEqual(joined.get(vote.slug_a) ?? Infinity)
      expect(vote.created_at).toBeGreaterThanOrEqual(joined.get(vote.slug_b) ?? Infinity)
      last = vote.created_at
    }
    expect(last).toBe(OPTIONS.now)
  })

  test('has an id of its own, and nobody votes twice on a battle', () => {
    expect(new Set(battles.map(({ vote }) => vote.id)).size).toBe(battles.length)
    expect(new Set(battles.map(({ battle }) => battle.id)).size).toBe(battles.length)
  })

  test('stands under texts that say they are simulated', () => {
    for (const { turns, answers } of battles) {
      for (const { prompt } of turns) expect(prompt).toContain('(simulated)')
      for (const { text } of answers) expect(text).toMatch(/^Simulated/)
    }
  })
})

test('the simulated arena is of many kinds', () => {
  const values = (of: (battle: (typeof battles)[number]) => unknown) => new Set(battles.map(of))
  expect(values(({ battle }) => battle.language).size).toBe(SIMULATED_LANGUAGES.length)
  expect(values(({ battle }) => battle.category).size).toBeGreaterThan(6)
  expect(values(({ vote }) => vote.turns)).toEqual(new Set([1, 2, 3]))
  for (const dimension of DIMENSIONS) {
    expect(values(({ vote }) => vote[dimension]).size).toBe(5)
  }
  const voters = new Map<string, number>()
  for (const { vote } of battles) voters.set(vote.voter, (voters.get(vote.voter) ?? 0) + 1)
  const most = Math.max(...voters.values())
  expect(most).toBeGreaterThan(3 * (battles.length / voters.size))
})

test.each(SIMULATED_LANGUAGES)('simulated prompts of %s are filed under it', (language) => {
  for (const prompt of firstPrompts(language)) {
    expect([prompt, classify(prompt).language]).toEqual([prompt, language])
  }
})

test('the board of the simulated votes finds the strengths that they were drawn from', () => {
  const { models, battles } = simulateArena({ ...OPTIONS, models: 10, votes: 6000, seed: 6 })
  const table = new VoteTable({ dimensions: DIMENSIONS })
  for (const { vote } of battles) {
    table.append({
      modelA: vote.slug_a,
      modelB: vote.slug_b,
      outcomes: DIMENSIONS.map((dimension) => outcomeOf(vote[dimension])),
    })
  }
  const counts = SliceCounts.of(table)
  for (const dimension of DIMENSIONS) {
    const { theta } = rateVotes(table, counts, {
      dimension,
      method: 'bradley-terry',
      intervals: 'none',
    })
    let [agreeing, pairs] = [0, 0]
    for (const one of models) {
      for (const other of models) {
        const lead = one.strength[dimension] - other.strength[dimension]
        // Closer ones may come out either way: tastes, languages and style add to strength.
        if (lead < 0.35) continue
        pairs += 1
        if ((theta.get(one.slug) ?? 0) > (theta.get(other.slug) ?? 0)) agreeing += 1
      }
    }
    expect(pairs).toBeGreaterThan(10)
    expect(agreeing / pairs).toBeGreaterThan(0.9)
  }
})
