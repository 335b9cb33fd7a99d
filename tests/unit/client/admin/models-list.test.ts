import { describe, expect, it } from 'vitest'
import {
  errorShareOf,
  formatMoney,
  formatSeconds,
  formatShortAgo,
  withLocalTimes,
} from '../../../../client/admin/models/figures.ts'
import {
  filterModels,
  readFilter,
  writeFilter,
} from '../../../../client/admin/models/list-address.ts'
import { MODEL_COLUMNS } from '../../../../client/admin/models/columns.ts'
import { canBeDrawn, failedProbe } from '../../../../client/admin/models/statuses.ts'
import { sortRows } from '../../../../client/leaderboard/view.ts'
import type { AdminModel } from '../../../../shared/schemas/model.ts'
import { barsPath, linePath } from '../../../../client/admin/models/spark.ts'
import { summarize } from '../../../../client/admin/models/summary.ts'
import { steady } from '../../../../client/admin/models/use-steady-order.ts'
import { adminModel } from './models.ts'

const activity = adminModel().activity

describe('the list of models', () => {
  const models = [
    adminModel(),
    adminModel({ slug: 'beta', name: 'Beta', status: 'failing', tags: ['Open Weights'] }),
    adminModel({
      slug: 'gone',
      name: 'Gone',
      organization: 'Others',
      status: 'retired',
      retired: { at: '2026-01-01T00:00:00.000Z', reason: null },
    }),
  ]
  const slugs = (query: string) =>
    filterModels(models, readFilter(new URLSearchParams(query))).map(({ slug }) => slug)

  it('shows retired models only where they are asked for', () => {
    expect(slugs('')).toEqual(['alpha', 'beta'])
    expect(slugs('retired=1')).toEqual(['alpha', 'beta', 'gone'])
    expect(slugs('status=retired')).toEqual(['gone'])
  })

  it('finds all words in whatever order and case, in names, ids and tags', () => {
    expect(slugs('q=weights BETA')).toEqual(['beta'])
    expect(slugs('q=alpha-1+makers')).toEqual(['alpha', 'beta'])
    expect(slugs('q=nothing')).toEqual([])
    expect(slugs('organization=Others&retired=1')).toEqual(['gone'])
  })

  it('keeps its filters in the address, beside all else', () => {
    const query = new URLSearchParams('sort=cost&dir=desc&status=no-such-status')
    expect(readFilter(query)).toEqual({
      text: '',
      status: null,
      organization: null,
      retired: false,
    })
    const next = writeFilter(query, { text: 'a b', status: 'failing', organization: 'Makers & Co' })
    expect(next.get('sort')).toBe('cost')
    expect(readFilter(next)).toEqual({
      text: 'a b',
      status: 'failing',
      organization: 'Makers & Co',
      retired: false,
    })
    const cleared = writeFilter(next, { text: '', status: null, organization: null })
    expect(cleared.toString()).toBe('sort=cost&dir=desc')
  })

  it('is summed up, unknown costs aside', () => {
    const summary = summarize([
      adminModel({ activity: { ...activity, answers: 9, failures: 1, costToday: 1.5 } }),
      adminModel({ status: 'failing', activity: { ...activity, failures: 2, inFlight: 1 } }),
    ])
    expect(summary).toMatchObject({
      statuses: [
        { status: 'failing', models: 1 },
        { status: 'ready', models: 1 },
      ],
      costToday: 1.5,
      costTotal: null,
      answers: 9,
      failures: 3,
      inFlight: 1,
    })
    expect(errorShareOf(summary)).toBe(0.25)
    expect(errorShareOf({ answers: 0, failures: 0 })).toBeNull()
  })

  it('puts first what visitors meet broken, and last what is so on purpose', () => {
    const probe = { at: '2026-01-01T00:00:00.000Z', ok: false, error: 'HTTP 500' }
    const health = { ...adminModel().health, lastProbe: probe }
    const named = (slug: string, change: Partial<AdminModel>) =>
      adminModel({ slug, name: slug, ...change })
    const order = [
      named('failing', { status: 'failing' }),
      named('probe', { health }),
      named('share', { activity: { ...activity, answers: 7, failures: 3 } }),
      named('limited', { status: 'limited' }),
      named('cooling', { status: 'cooling' }),
      named('down', { status: 'not-running' }),
      named('trial', { status: 'on-trial' }),
      named('ready', { activity: { ...activity, answers: 8, failures: 2 } }),
      named('paused', { status: 'paused', health }),
      named('unweighted', { status: 'unweighted' }),
      named('retired', { status: 'retired' }),
    ]
    const [column] = MODEL_COLUMNS
    const sorted = sortRows(order.toReversed(), column.value, column.best)
    expect(sorted.map(({ slug }) => slug)).toEqual(order.map(({ slug }) => slug))
    expect(order.map(failedProbe).filter((error) => error !== null)).toEqual(['HTTP 500'])
  })

  it('counts as drawable who answers and has a weight', () => {
    expect(canBeDrawn(adminModel({ status: 'on-trial' }))).toBe(true)
    expect(canBeDrawn(adminModel({ weight: 0 }))).toBe(false)
    expect(canBeDrawn(adminModel({ status: 'failing' }))).toBe(false)
  })

  it('keeps its order while it is held, without what is gone and with what is new', () => {
    expect(steady(['c', 'a', 'b'], ['a', 'b', 'd'])).toEqual(['a', 'b', 'd'])
    expect(steady(['b', 'a'], ['a', 'b'])).toEqual(['b', 'a'])
  })
})

describe('figures', () => {
  it('are short and never more exact than they are', () => {
    expect([420, 9994, 12_345].map(formatSeconds)).toEqual(['0.42', '9.99', '12.3'])
    expect([null, 0, 0.001, 0.42, 1204.4].map(formatMoney)).toEqual([
      '–',
      '$0.00',
      '<$0.01',
      '$0.42',
      '$1,204',
    ])
    const now = Date.parse('2026-01-03T00:00:00Z')
    expect(formatShortAgo('2026-01-02T23:56:00Z', now)).toMatch(/^4\s?m/)
    expect(formatShortAgo('2026-01-03T00:00:05Z', now)).toBe('now')
    expect(formatShortAgo('2026-01-01T12:00:00Z', now)).toMatch(/^36\s?h/)
    expect(formatShortAgo('2025-12-24T00:00:00Z', now)).toMatch(/^10\s?d/)
  })
})

describe('a sentence of the arena', () => {
  it('tells its times by the clock of the reader', () => {
    const told = withLocalTimes('asked again at 2026-11-21T19:42:29.887Z; last: HTTP 503')
    expect(told).toMatch(/^asked again at \d{1,2}:42:29\s?[AP]M; last: HTTP 503$/)
    expect(withLocalTimes('version 2024-10-21 of the API')).toBe('version 2024-10-21 of the API')
  })
})

describe('spark lines', () => {
  const box = { width: 40, height: 10 }

  it('stand bars on what failed, and show the smallest', () => {
    expect(barsPath([10, 0], [10, 0], 20, box)).toBe('M0 5h15.6v-5h-15.6z')
    expect(barsPath([1], [0], 1000, box)).toContain('v-1h')
    expect(barsPath([0, 0], [0, 0], 0, box)).toBe('')
  })

  it('are interrupted where nothing is known, and a lone value is a dot', () => {
    expect(linePath([1, null, 2, 2], 2, box)).toBe('M5 5h0.01M25 1L35 1')
    expect(linePath([null, null], 0, box)).toBe('')
  })
})
