import type { VoteRepository } from '../votes/repository.ts'
import { BOARD_ENGINE } from './engine.ts'
import {
  HistoryClock,
  keptMoments,
  type Checkpoint,
  type HistoryEntry,
  type Moment,
} from './history.ts'
import { replayHistory } from './history-replay.ts'
import type { HistoryRepository } from './history-repository.ts'

const BATCH = 5000

type RebuildHistoryDeps = {
  readonly votes: Pick<VoteRepository, 'readForRating'>
  readonly history: HistoryRepository
}

// Nothing of a replay depends on what it costs: intervals never lag in the history.
const NO_CLOCK = () => 0

/**
 * Computes the rating history anew from the log and puts it in the place of the stored one. The arena
 * may run meanwhile.
 */
export async function rebuildHistory({ votes, history }: RebuildHistoryDeps): Promise<void> {
  for (;;) {
    const checkpoints: Checkpoint[] = []
    const moments = keptMoments(await momentsOf(votes))
    for await (const checkpoint of replayHistory(votes, moments, NO_CLOCK)) {
      if (checkpoint !== undefined) checkpoints.push(checkpoint)
    }
    // An arena beside us may have passed another moment since we read the log.
    if (await history.replace(BOARD_ENGINE, checkpoints)) return
  }
}

/**
 * Computes the history anew as far as it is stored, and compares bit by bit.
 *
 * @returns the first difference in words
 */
export async function checkHistory({
  votes,
  history,
}: RebuildHistoryDeps): Promise<string | undefined> {
  const stored = (await history.loadProgress()) ?? { engine: BOARD_ENGINE, position: 0 }
  if (stored.engine !== BOARD_ENGINE) {
    return `the stored history was made by engine ${stored.engine}, this one is ${BOARD_ENGINE}`
  }
  const passed = (await momentsOf(votes)).filter(({ position }) => position <= stored.position)
  const last = passed.at(-1)?.position ?? 0
  if (last !== stored.position) {
    return `the stored history goes up to vote ${stored.position}, which ended no hour`
  }
  const moments = keptMoments(passed)
  const differing = differenceOfMoments(await history.loadMoments(), moments)
  if (differing !== undefined) return differing
  for await (const checkpoint of replayHistory(votes, moments, NO_CLOCK)) {
    if (checkpoint === undefined) continue
    const { position, entries } = checkpoint
    for (const dimension of new Set(entries.map((entry) => entry.dimension))) {
      const kept = await history.load(dimension, [{ position, at: 0 }])
      const made = entries.filter((entry) => entry.dimension === dimension)
      const difference = differenceOfEntries(kept, made)
      if (difference !== undefined) {
        return `history after vote ${position}, ${dimension}, ${difference}`
      }
    }
  }
  return undefined
}

async function momentsOf(votes: Pick<VoteRepository, 'readForRating'>): Promise<Moment[]> {
  const clock = new HistoryClock()
  const moments: Moment[] = []
  for (;;) {
    const batch = await votes.readForRating(clock.last?.position ?? 0, BATCH)
    for (const { position, created_at } of batch) {
      const moment = clock.next(position, created_at)
      if (moment !== undefined) moments.push(moment)
    }
    if (batch.length < BATCH) return moments
  }
}

function differenceOfMoments(
  stored: readonly Moment[],
  made: readonly Moment[],
): string | undefined {
  for (let index = 0; index < Math.max(stored.length, made.length); index += 1) {
    const [kept, wanted] = [JSON.stringify(stored[index]), JSON.stringify(made[index])]
    if (kept !== wanted) return `history: stored moment ${kept}, replayed ${wanted}`
  }
  return undefined
}

function differenceOfEntries(
  stored: readonly HistoryEntry[],
  made: readonly HistoryEntry[],
): string | undefined {
  const numbersOf = (entries: readonly HistoryEntry[]) =>
    new Map(
      entries.map(({ slug, rating, ciLow, ciHigh, elo, votes }) => [
        slug,
        // Numbers in their shortest form that reads back to the same bits.
        JSON.stringify([rating, ciLow, ciHigh, elo, votes]),
      ]),
    )
  const [kept, wanted] = [numbersOf(stored), numbersOf(made)]
  for (const slug of new Set([...kept.keys(), ...wanted.keys()])) {
    if (kept.get(slug) !== wanted.get(slug)) {
      return `${slug}: stored ${kept.get(slug)}, replayed ${wanted.get(slug)}`
    }
  }
  return undefined
}
