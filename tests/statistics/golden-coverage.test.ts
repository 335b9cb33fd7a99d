import { expect, test } from 'vitest'
import { table } from '../../scripts/bench/lib/report.ts'
import { golden } from '../support/ratings/golden.ts'
import { LEAST_COVERAGE, MOST_COVERAGE, study } from './study.ts'

type Row = {
  step_elo: number
  nu: number
  N: number
  skew: number
  coverage: { bt_sandwich_vs_estimand: number; bt_fisher_vs_estimand: number }
  mean_kendall_tau: number
}

test('intervals of independent votes cover in the four golden configurations', () => {
  const { rows } = golden<{ coverage_study: { rows: Row[] } }>(
    'synthetic_arena.json',
  ).coverage_study
  const results = rows.map((row) => ({
    row,
    found: study({ step: row.step_elo, nu: row.nu, bb: 0.4, skew: row.skew, gamma: 0 }, row.N),
  }))
  const lines = results.map(({ row, found }) => [
    `${row.N.toLocaleString('en')} votes, step ${row.step_elo}, ν ${row.nu}, skew ${row.skew}`,
    found.coverage['sandwich']!.toFixed(4),
    found.coverage['fisher']!.toFixed(4),
    found.halfWidth['sandwich']!.toFixed(1),
    found.tau.toFixed(4),
    row.mean_kendall_tau.toFixed(4),
  ])
  const header = ['arena', 'sandwich', 'Fisher', '± Elo', 'τ', 'golden τ']
  process.stdout.write(`\n${table(header, lines)}\n\n`)
  for (const { row, found } of results) {
    expect(found.coverage['sandwich']).toBeGreaterThanOrEqual(LEAST_COVERAGE)
    expect(found.coverage['sandwich']).toBeLessThanOrEqual(MOST_COVERAGE)
    // The seeds are the golden file's: so are the numbers.
    expect(found.coverage['sandwich']).toBeCloseTo(row.coverage.bt_sandwich_vs_estimand, 3)
    expect(found.coverage['fisher']).toBeCloseTo(row.coverage.bt_fisher_vs_estimand, 3)
    expect(Math.abs(found.tau - row.mean_kendall_tau)).toBeLessThan(0.002)
  }
})
