import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CHOICES,
  PERIODS,
  SHOWS,
  SPREADS,
  VIEWS,
  countFilters,
  isFromCounts,
  isOwnBoard,
  queryOfSlice,
  readAddress,
  sliceOf,
  withoutFilters,
  writeAddress,
  type Address,
} from '../../../../client/leaderboard/address.ts'
import { JUDGES, METHODS, TURNS } from '../../../../shared/boards.ts'
import { CATEGORIES } from '../../../../shared/categories.ts'
import { BOARD_DIMENSIONS } from '../../../../shared/dimensions.ts'
import { TIES } from '../../../../shared/ratings/outcomes.ts'
import { sliceSchema } from '../../../../shared/schemas/leaderboard.ts'

const slug = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,8})?$/)
const weight = fc.integer({ min: 0, max: 5 })
const addresses: fc.Arbitrary<Address> = fc
  .record({
    view: fc.constantFrom(...VIEWS),
    choice: fc.constantFrom(...CHOICES),
    language: fc.option(fc.constantFrom('en', 'de', 'und')),
    category: fc.option(fc.constantFrom(...CATEGORIES)),
    judge: fc.constantFrom(...JUDGES),
    turns: fc.constantFrom(...TURNS),
    method: fc.constantFrom(...METHODS),
    style: fc.boolean(),
    weights: fc
      .record({ accuracy: weight, helpfulness: weight, language: weight })
      .filter((weights) => weights.accuracy + weights.helpfulness + weights.language > 0),
    ties: fc.constantFrom(...TIES),
    without: fc.uniqueArray(slug, { maxLength: 4 }),
    anchor: fc.option(fc.record({ model: slug, rating: fc.integer({ min: -9999, max: 9999 }) })),
    period: fc.constantFrom(...PERIODS),
    models: fc.uniqueArray(slug, { maxLength: 4 }),
    show: fc.constantFrom(...SHOWS),
    spread: fc.constantFrom(...SPREADS),
  })
  .map((address) => ({ ...address, style: address.style && address.method === 'bradley-terry' }))

const plain = readAddress(new URLSearchParams())

describe('what stands in the address', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        const query = writeAddress(new URLSearchParams(), address)
        expect(readAddress(new URLSearchParams(query.toString()))).toEqual(address)
      }),
    )
  })

  it('is nothing where nothing is chosen; clearing the filters leaves all else as it was', () => {
    expect(writeAddress(new URLSearchParams(), plain).toString()).toBe('')
    const query = new URLSearchParams('view=matrix&board=language&sort=votes&language=de&ties=drop')
    expect(writeAddress(query, withoutFilters()).toString()).toBe(
      'view=matrix&board=language&sort=votes',
    )
  })

  it('takes what cannot be understood for its default', () => {
    const odd = new URLSearchParams(
      'view=x&board=y&language=deutsch&category=9&judge=cat&turns=7&method=z&ties=no' +
        '&weights=accuracy:-1,language:x&anchor=Bad%20Name:1&without=..,A B&models=%3Cscript%3E',
    )
    expect(readAddress(odd)).toEqual(plain)
    expect(readAddress(new URLSearchParams('anchor=x:'))).toEqual(plain)
    expect(readAddress(new URLSearchParams('method=elo&style=1')).style).toBe(false)
  })

  it('asks the arena only for slices that its contract knows', () => {
    fc.assert(
      fc.property(addresses, fc.constantFrom(...BOARD_DIMENSIONS), (address, dimension) => {
        const slice = sliceOf(address, dimension)
        expect(sliceSchema.safeParse(slice).success).toBe(true)
        const sent = Object.fromEntries(new URLSearchParams(queryOfSlice(slice)))
        expect(sliceSchema.parse(sent)).toEqual(sliceSchema.parse(slice))
      }),
    )
  })

  it('counts filters, and knows what the arena has no board for', () => {
    expect(countFilters(plain)).toBe(0)
    expect(countFilters({ ...plain, language: 'de', ties: 'drop', view: 'matrix' })).toBe(2)
    expect(isOwnBoard(plain)).toBe(false)
    expect(isOwnBoard({ ...plain, ties: 'drop' })).toBe(true)
    expect(isOwnBoard({ ...plain, without: ['x'] })).toBe(true)
    expect(isFromCounts({ ...plain, style: true })).toBe(false)
    expect(isFromCounts({ ...plain, method: 'davidson' })).toBe(true)
  })
})
