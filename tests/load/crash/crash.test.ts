import { expect, onTestFinished, test } from 'vitest'
import { bundlePrograms } from '../../support/load/bundle.ts'
import { runCrashes } from '../../support/load/crash-run.ts'

const KILLS = 50
const VOTERS = 50

test(`${KILLS} times kill -9 under ${VOTERS} voters`, async () => {
  const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
  console.log(`CRASH_SEED=${seed}`)
  const programs = await bundlePrograms()
  onTestFinished(() => programs.remove())
  const { differences, startMs, ...counts } = await runCrashes({
    programs,
    kills: KILLS,
    rebuilds: 20,
    voters: VOTERS,
    seed,
  })
  console.log({
    ...counts,
    startMs: {
      median: Math.round(startMs[Math.floor(startMs.length / 2)] ?? 0),
      max: Math.round(startMs.at(-1) ?? 0),
    },
  })
  expect(differences).toEqual([])
  expect(counts.acknowledged).toBeGreaterThan(KILLS * 10)
})
