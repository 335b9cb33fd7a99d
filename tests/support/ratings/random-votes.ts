import fc from 'fast-check'
import { OUTCOME_SKIP } from '../../../shared/ratings/outcomes.ts'
import { VoteTable, type TableVote } from '../../../shared/ratings/vote-table.ts'

/** The dimensions of {@link randomLog}. */
export const LOG_DIMENSIONS = ['accuracy', 'helpfulness', 'language'] as const

/** A vote as a property test draws it: every column of the table is used. */
const vote = (models: number): fc.Arbitrary<TableVote> =>
  fc
    .record({
      a: fc.nat({ max: models - 1 }),
      step: fc.integer({ min: 1, max: models - 1 }),
      outcomes: fc.tuple(...LOG_DIMENSIONS.map(() => fc.nat({ max: OUTCOME_SKIP }))),
      voter: fc.option(fc.constantFrom('ann', 'bob', 'cem', 'dan', 'eve')),
      language: fc.option(fc.constantFrom('de', 'en')),
      judge: fc.constantFrom('human', 'model'),
      turns: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ a, step, ...rest }) => ({
      modelA: `m${a}`,
      modelB: `m${(a + step) % models}`,
      ...rest,
    }))

/** A log of votes, from empty to a few per pair. */
export const randomLog = (
  constraints: { readonly minLength?: number; readonly models?: number } = {},
): fc.Arbitrary<TableVote[]> => {
  const { minLength = 0, models = 5 } = constraints
  return fc.array(vote(models), { minLength, maxLength: Math.max(80, minLength) })
}

export function tableOf(votes: readonly TableVote[]): VoteTable {
  const table = new VoteTable({ dimensions: LOG_DIMENSIONS })
  for (const each of votes) table.append(each)
  return table
}
