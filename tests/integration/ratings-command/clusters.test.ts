import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rated, voteFolder, type VoteFolder } from './support.ts'

const GOLDEN = join(import.meta.dirname, '../../golden')

let folder: VoteFolder
beforeAll(async () => {
  folder = await voteFolder()
})
afterAll(() => folder.remove())

test.each(['voter', 'judge'])('the column %s says whose votes belong together', async (column) => {
  const { clustered } = JSON.parse(
    readFileSync(join(GOLDEN, 'cluster_and_slices.json'), 'utf8'),
  ) as { clustered: { workers: number; se_cluster_worker: Record<string, number> } }
  // evalica's file calls the voter `worker`.
  const votes = readFileSync(join(GOLDEN, 'data/evalica-llmfao.csv'), 'utf8')
  const file = await folder.write(`${column}.csv`, votes.replace('worker', column))
  const { board } = await rated(file)
  expect(board.voters).toBe(clustered.workers)
  for (const { model, se } of board.models) {
    expect(se).toBeCloseTo(clustered.se_cluster_worker[model] ?? Number.NaN, 6)
  }
})
