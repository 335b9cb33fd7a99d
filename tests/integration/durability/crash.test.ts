import { expect, onTestFinished, test } from 'vitest'
import { bundlePrograms } from '../../support/load/bundle.ts'
import { runCrashes } from '../../support/load/crash-run.ts'

// The long version, with 50 crashes under 50 voters, is `npm run test:crash`.
test('kill -9 under voters loses no acknowledged vote and doubles none', async () => {
  const programs = await bundlePrograms()
  onTestFinished(() => programs.remove())
  const report = await runCrashes({
    programs,
    kills: 3,
    rebuilds: 2,
    voters: 10,
    votesPerRun: 40,
    seed: 1,
  })
  expect(report.differences).toEqual([])
  expect(report.acknowledged).toBeGreaterThan(10)
}, 90_000)
