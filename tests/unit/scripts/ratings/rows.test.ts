import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readVote, shapeOf, type Row } from '../../../../scripts/ratings/rows.ts'
import { outcomeOf } from '../../../../shared/ratings/outcomes.ts'
import type { Verdict } from '../../../../shared/verdicts.ts'

const ALL = { style: true, battles: true }

/** A row read by the shape that its own columns give. */
function read(row: Row) {
  const shape = shapeOf(Object.keys(row))
  if (shape === undefined) throw new Error('no shape')
  return readVote(row, shape, ALL)
}
const pair = { model_a: 'x', model_b: 'y' }
const codes = (...verdicts: Verdict[]) => verdicts.map(outcomeOf)

describe('shapeOf', () => {
  test.each([
    [['winner', 'model_b', 'model_a'], 'winner'],
    [['left', 'right', 'winner'], 'winner'],
    [['model_a', 'model_b', 'winner', 'winner_language'], 'dimensions'],
    [['model_a', 'model_b', 'winner_model_a', 'winner_model_b', 'winner_tie'], 'flags'],
    [['model_a', 'model_b', 'choice'], 'choice'],
  ])('%j: %s', (columns, verdicts) => {
    expect(shapeOf(columns)?.verdicts).toBe(verdicts)
  })

  test.each([
    [['model_a', 'winner']],
    [['model_a', 'right', 'winner']],
    [['model_a', 'model_b']],
    [['model_a', 'model_b', 'winner_model_a', 'winner_model_b']],
    [['Model_A', 'Model_B', 'Winner']],
    [[]],
  ])('%j holds no votes', (columns) => {
    expect(shapeOf(columns)).toBeUndefined()
  })
})

describe('readVote: labels', () => {
  test.each<[string, Verdict]>([
    ['model_a', 'a'],
    ['model_b', 'b'],
    ['tie', 'tie'],
    ['tie (bothbad)', 'both_bad'],
    ['both_bad', 'both_bad'],
    ['left', 'a'],
    ['right', 'b'],
  ])('winner %s', (winner, verdict) => {
    expect(read({ ...pair, winner })).toMatchObject({ outcomes: codes(verdict) })
    expect(read({ left: 'x', right: 'y', winner })).toMatchObject({
      modelA: 'x',
      modelB: 'y',
      outcomes: codes(verdict),
    })
  })

  test('a winner per dimension: empty, null and absent are "cannot judge"', () => {
    expect(read({ ...pair, winner_accuracy: 'model_b', winner_helpfulness: '' })).toMatchObject({
      outcomes: codes('b', 'skip', 'skip'),
    })
    expect(
      read({
        ...pair,
        winner_accuracy: null,
        winner_helpfulness: 'tie',
        winner_language: 'both_bad',
      }),
    ).toMatchObject({ outcomes: codes('skip', 'tie', 'both_bad') })
  })

  test.each<[unknown, unknown, unknown, Verdict]>([
    [1, 0, 0, 'a'],
    ['0', '1', '0', 'b'],
    [0n, 0n, 1n, 'tie'],
    [false, false, true, 'tie'],
  ])('LMArena’s flags %s %s %s', (a, b, tie, verdict) => {
    const row = { ...pair, winner_model_a: a, winner_model_b: b, winner_tie: tie }
    expect(read(row)).toMatchObject({ outcomes: codes(verdict) })
  })

  test.each<[string, Verdict]>([
    ['a_better', 'a'],
    ['b_better', 'b'],
    ['both_good', 'tie'],
    ['both_bad', 'both_bad'],
    ['idk', 'skip'],
  ])('ComparIA’s choice %s', (choice, verdict) => {
    expect(read({ ...pair, choice })).toMatchObject({ outcomes: codes(verdict) })
  })
})

describe('readVote: bad rows', () => {
  test.each<[Row, string, string]>([
    [{ ...pair, winner: 'modela' }, 'unknown label', 'winner is "modela"'],
    [{ ...pair, winner: 'Tie' }, 'unknown label', 'winner is "Tie"'],
    [{ ...pair, winner: 1 }, 'unknown label', 'winner is 1'],
    [{ ...pair, winner: Number.NaN }, 'unknown label', 'winner is NaN'],
    [{ ...pair, winner: '' }, 'no winner', 'winner is empty'],
    [{ ...pair, winner: null }, 'no winner', 'winner is empty'],
    [{ ...pair, winner_accuracy: 'a' }, 'unknown label', 'winner_accuracy is "a"'],
    [{ ...pair, choice: null }, 'unknown label', 'choice is null'],
    [
      { ...pair, winner_model_a: 1, winner_model_b: 1, winner_tie: 0 },
      'unknown label',
      'of winner_model_a, winner_model_b, winner_tie exactly one must be 1: found 1, 1, 0',
    ],
    [{ model_a: 'x', model_b: 'x', winner: 'tie' }, 'self-battle', '"x" against itself'],
    [{ model_a: '', model_b: 'x', winner: 'tie' }, 'empty name', 'model_a names no model'],
    [{ model_a: 'x', model_b: ' \t', winner: 'tie' }, 'empty name', 'model_b names no model'],
    [{ model_a: null, model_b: 'x', winner: 'tie' }, 'empty name', 'model_a names no model'],
    [{ model_a: 'NaN', model_b: 'x', winner: 'tie' }, 'not a name', 'model_a is "NaN"'],
    [{ model_a: Number.NaN, model_b: 'x', winner: 'tie' }, 'not a name', 'model_a is NaN'],
    [{ model_a: ['x'], model_b: 'x', winner: 'tie' }, 'not a name', 'model_a is ["x"]'],
    [{ ...pair, winner: 'tie', weight: -1 }, 'bad weight', '-1 is no number from 0'],
    [{ ...pair, winner: 'tie', weight: 'NaN' }, 'bad weight', '"NaN" is no number from 0'],
    [
      { ...pair, winner: 'tie', weight: 'Infinity' },
      'bad weight',
      '"Infinity" is no number from 0',
    ],
    [{ ...pair, winner: 'tie', weight: '0x10' }, 'bad weight', '"0x10" is no number from 0'],
    [
      { ...pair, winner: 'tie', tstamp: 'NaN' },
      'bad time',
      'tstamp "NaN" is neither seconds nor a date',
    ],
    [{ ...pair, winner: 'tie', tokens_a: -3 }, 'bad count', 'tokens_a is -3'],
  ])('%j', (row, kind, detail) => {
    expect(read(row)).toEqual({ kind, detail })
  })

  test('what is shown of a file cannot move a terminal’s cursor, nor fill it', () => {
    const found = read({ ...pair, winner: `\u001b[2J\u009b1A\u202e${'x'.repeat(200)}` })
    expect(found).toMatchObject({ kind: 'unknown label' })
    const { detail } = found as { detail: string }
    expect(detail).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(detail.length).toBeLessThan(120)
  })
})

describe('readVote: the rest of a row', () => {
  test('names are taken as they stand; numbers are names too', () => {
    expect(read({ model_a: 0, model_b: ' a=b', winner: 'tie' })).toMatchObject({
      modelA: '0',
      modelB: ' a=b',
    })
  })

  test('beside a voter, judge is the kind of judge; alone it is the voter', () => {
    const row = { ...pair, winner: 'tie' }
    expect(read({ ...row, voter: 'v', judge: 'expert' })).toMatchObject({
      voter: 'v',
      judge: 'expert',
    })
    expect(read({ ...row, judge: 'arena_user_1' })).toMatchObject({
      voter: 'arena_user_1',
      judge: undefined,
    })
    expect(read({ ...row, voter: '', judge: 'expert' })).toMatchObject({
      voter: null,
      judge: 'expert',
    })
    expect(read(row)).toMatchObject({ voter: null, judge: undefined })
  })

  test('weights are 1 where there are none', () => {
    const weightOf = (weight: unknown) => read({ ...pair, winner: 'tie', weight })
    for (const empty of ['', null, undefined]) expect(weightOf(empty)).toMatchObject({ weight: 1 })
    expect(weightOf('2.5')).toMatchObject({ weight: 2.5 })
    expect(weightOf(3n)).toMatchObject({ weight: 3 })
    expect(weightOf(0)).toMatchObject({ weight: 0 })
  })

  test('times: seconds, dates, or none', () => {
    for (const tstamp of [
      1.7e9,
      '1700000000.5',
      '2024-05-01 12:00:00+00:00',
      new Date(0),
      '',
      null,
    ]) {
      expect(read({ ...pair, winner: 'tie', tstamp })).toMatchObject({ outcomes: codes('tie') })
    }
  })

  test('anony: false is a voter who knew the models', () => {
    for (const anony of [false, 'False', 'false', 0]) {
      expect(read({ ...pair, winner: 'tie', anony })).toMatchObject({ anonymous: false })
    }
    for (const anony of [true, 'True', '', null, undefined]) {
      expect(read({ ...pair, winner: 'tie', anony })).toMatchObject({ anonymous: true })
    }
  })

  test('style: this arena’s columns, or FastChat’s metadata, as object or JSON text', () => {
    const own = { ...pair, winner: 'tie', tokens_a: '100', tokens_b: 50, headers_a: 2 }
    const nan = Number.NaN
    expect(read(own)).toMatchObject({ style: [100, 50, 2, nan, nan, nan, nan, nan] })
    const metadata = {
      sum_assistant_a_tokens: 10,
      sum_assistant_b_tokens: 20,
      header_count_a: { h1: 1, h2: 2, h3: null },
      header_count_b: { h1: 0 },
      list_count_a: { ordered: 3, unordered: 1 },
      list_count_b: { ordered: 0, unordered: 0 },
      bold_count_a: { '**': 5, __: 1 },
      bold_count_b: { '**': 0, __: 0 },
    }
    for (const conv_metadata of [metadata, JSON.stringify(metadata)]) {
      expect(read({ ...pair, winner: 'tie', conv_metadata })).toMatchObject({
        style: [10, 20, 3, 0, 4, 0, 6, 0],
      })
    }
    expect(read({ ...pair, winner: 'tie', tokens_a: '' })).toMatchObject({ style: null })
  })

  test('no row breaks the reader, whatever its cells hold', () => {
    const columns =
      'model_a model_b winner winner_accuracy weight tstamp voter judge battle_id anony conv_metadata tokens_a'.split(
        ' ',
      )
    const rows = fc.record(Object.fromEntries(columns.map((name) => [name, fc.anything()])))
    fc.assert(
      fc.property(rows, (row) => {
        const shape = shapeOf(Object.keys(row))
        if (shape === undefined) return
        const vote = readVote(row, shape, ALL)
        expect('kind' in vote ? typeof vote.kind : vote.modelA.length > 0).toBeTruthy()
      }),
    )
  })
})
