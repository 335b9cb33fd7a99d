import { describe, expect, test } from 'vitest'
import { readOptions } from '../../../../scripts/ratings/options.ts'
import { UsageError } from '../../../../scripts/ratings/problems.ts'

test('the defaults are those of the specification', () => {
  expect(readOptions(['votes.csv'])).toEqual({
    files: ['votes.csv'],
    method: 'bradley-terry',
    dimension: undefined,
    weights: undefined,
    ties: 'half',
    intervals: undefined,
    anchor: undefined,
    k: undefined,
    seed: 1,
    orders: 100,
    style: false,
    judge: undefined,
    format: 'table',
    strict: false,
    help: false,
  })
})

test('options and files stand in any order; - is standard input', () => {
  const options = readOptions(['--ties', 'drop', 'a.csv', '--ci=none', '-'])
  expect(options).toMatchObject({ files: ['a.csv', '-'], ties: 'drop', intervals: 'none' })
})

test('weights come in the order of the dimensions; those not named are 0', () => {
  expect(readOptions(['f', '--weights', 'language:1,accuracy:2.5']).weights).toEqual([2.5, 0, 1])
})

test.each([
  ['x=1114', 'x', 1114],
  ['a=b=-20.5', 'a=b', -20.5],
  ['org/model v1.2=1e3', 'org/model v1.2', 1000],
])('--anchor %s', (text, model, rating) => {
  expect(readOptions(['f', '--anchor', text]).anchor).toEqual({ model, rating })
})

describe('what cannot be is refused in one line that names the option', () => {
  test.each([
    [[], 'name at least one file'],
    [['f', '--nonsense'], '--nonsense'],
    [['f', '--method'], '--method'],
    [['f', '--method', 'glicko'], '--method must be one of bradley-terry'],
    [['f', '--dimension', 'style'], '--dimension must be one of overall, accuracy'],
    [['f', '--ties', 'maybe'], '--ties must be one of half'],
    [['f', '--ci', 'fisher'], '--ci must be one of sandwich'],
    [['f', '--format', 'xml'], '--format must be one of table'],
    [['f', '--weights', 'accuracy'], '--weights must look like'],
    [['f', '--weights', 'style:1'], '--weights must look like'],
    [['f', '--weights', 'accuracy:1:2'], '--weights must look like'],
    [['f', '--weights', 'accuracy:-1'], '--weights needs a number from 0, not "-1"'],
    [['f', '--weights', 'accuracy:NaN'], '--weights needs a number'],
    [['f', '--weights', 'accuracy:0,language:0'], 'more than 0'],
    [['f', '--weights', 'accuracy:1,accuracy:2'], 'accuracy twice'],
    [['f', '--weights', 'accuracy:1', '--dimension', 'accuracy'], '--weights goes with'],
    [['f', '--weights', 'accuracy:1', '--method', 'elo'], 'no overall board'],
    [['f', '--method', 'elo', '--dimension', 'overall'], '--method elo has no overall board'],
    [['f', '--method', 'davidson', '--dimension', 'overall'], 'davidson has no overall board'],
    [['f', '--method', 'elo', '--ci', 'sandwich'], '--ci sandwich: there are no intervals'],
    [['f', '--method', 'elo-permuted', '--ci', 'bootstrap'], '--ci bootstrap'],
    [['f', '--method', 'davidson', '--ci', 'clustered'], '--ci clustered'],
    [['f', '--method', 'elo', '--anchor', 'x=1'], '--anchor goes with'],
    [['f', '--anchor', 'x'], '--anchor must look like MODEL=1114'],
    [['f', '--anchor', '=5'], '--anchor must look like MODEL=1114'],
    [['f', '--anchor', 'x='], '--anchor needs a number'],
    [['f', '--anchor', 'x=Infinity'], '--anchor needs a number'],
    [['f', '--style', '--method', 'davidson'], '--style goes with'],
    [['f', '--k', '4'], '--k goes with'],
    [['f', '--k', '0', '--method', 'elo'], '--k needs a number above 0'],
    [['f', '--orders', '5'], '--orders goes with'],
    [['f', '--orders', '0', '--method', 'elo-permuted'], '--orders needs a whole number'],
    [['f', '--orders', '1.5', '--method', 'elo-permuted'], '--orders needs a whole number'],
    [['f', '--seed', '2'], '--seed goes with'],
    [['f', '--seed', '-2', '--method', 'elo-permuted'], '--seed'],
  ])('%j', (args, message) => {
    let said = ''
    try {
      readOptions(args)
    } catch (cause) {
      expect(cause).toBeInstanceOf(UsageError)
      said = (cause as Error).message
    }
    expect(said).toContain(message)
    expect(said).not.toContain('\n')
  })
})
