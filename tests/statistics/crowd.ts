import { expect, test } from 'vitest'
import { table } from '../../scripts/bench/lib/report.ts'
import type { Crowd } from '../support/ratings/simulated-arena.ts'
import { LEAST_COVERAGE, MOST_COVERAGE, study } from './study.ts'

/** The golden arena, with a side that voters like. */
const LAW = { step: 40, nu: 0.5, bb: 0.4, skew: 1, gamma: 0.2 }
const TASTE_SD = 80
const ACTIVITIES: readonly Crowd['activity'][] = ['square-root', 'log-normal', 'zipf']
const KINDS = ['independent', 'clustered, z', 'jackknife, z', 'as shown']

/**
 * Crowds of so many voters whose activity is skewed and whose tastes scatter by 80 Elo for each
 * model. The estimand is Bradley–Terry fitted to the expected scores, tastes integrated out: voters
 * are a sample of those who might have come, each with the activity they have.
 */
export function crowdTest(voters: number): void {
  test(`intervals as boards show them cover with ${voters} voters of skewed activity`, () => {
    const results = [50_000, 5000].flatMap((votes) =>
      ACTIVITIES.map((activity) => ({
        name: `${voters} voters, ${activity}, ${votes.toLocaleString('en')} votes`,
        found: study(LAW, votes, { voters, activity, tasteSd: TASTE_SD }),
      })),
    )
    const lines = results.map(({ name, found }) => [
      name,
      ...KINDS.map((kind) => found.coverage[kind]!.toFixed(4)),
      found.error.toFixed(1),
      found.halfWidth['as shown']!.toFixed(1),
    ])
    const header = ['crowd', ...KINDS, 'rms error, Elo', '± Elo']
    process.stdout.write(`\n${table(header, lines)}\n\n`)
    for (const { found } of results) {
      expect(found.coverage['as shown']).toBeGreaterThanOrEqual(LEAST_COVERAGE)
      expect(found.coverage['as shown']).toBeLessThanOrEqual(MOST_COVERAGE)
    }
  })
}
