import { DIMENSIONS } from '../../shared/dimensions.ts'
import { RATING_ENGINE, Standings } from '../../shared/ratings/standings.ts'
import type { VoteRepository } from '../votes/repository.ts'
import { toRatedVote } from './projector.ts'
import type { Effect, RatingsRepository } from './repository.ts'

const BATCH = 1000
/** How often a write is tried again that found no gap between the writes of a busy arena. */
const PATIENCE = 12

type RebuildDeps = {
  readonly votes: Pick<VoteRepository, 'readAfter'>
  readonly ratings: RatingsRepository
}

/** An arena that has never counted: any vote, standing or effect beside it is a difference. */
const NOTHING_STORED = { engine: RATING_ENGINE, position: 0 }

/** Folds the log on, up to a position or all of it, handing out what each vote did. */
async function fold(
  { votes }: RebuildDeps,
  until: number,
  onEffects: (effects: Effect[]) => Promise<string | undefined>,
  standings = new Standings(),
  from = 0,
): Promise<{ standings: Standings; position: number; difference: string | undefined }> {
  let position = from
  for (;;) {
    const batch = (await votes.readAfter(position, BATCH)).filter((row) => row.position <= until)
    const effects = batch.map((row) => ({
      position: row.position,
      effects: JSON.stringify(standings.apply(toRatedVote(row))),
    }))
    const difference = await onEffects(effects)
    if (difference !== undefined) return { standings, position, difference }
    position = batch.at(-1)?.position ?? position
    if (batch.length < BATCH) return { standings, position, difference: undefined }
  }
}

/**
 * Replays the whole log and puts what it gives in the place of the stored projection.
 *
 * The arena may run meanwhile: what each vote did is written first, since it is the same for
 * ever, and the swap itself is short. An arena beside us then goes on from what we wrote.
 *
 * @returns the number of the last vote counted
 */
export async function rebuildRatings(deps: RebuildDeps): Promise<number> {
  const write = async (effects: Effect[]) => {
    await patiently(() => deps.ratings.writeEffects(effects))
    return undefined
  }
  const standings = new Standings()
  let position = 0
  do {
    ;({ position } = await fold(deps, Number.POSITIVE_INFINITY, write, standings, position))
    // An arena beside us may have taken votes since we read the last one: they are folded as well.
  } while (!(await patiently(() => deps.ratings.replace(RATING_ENGINE, position, standings))))
  return position
}

/**
 * Replays the log as far as the stored projection has read it, and compares bit by bit.
 *
 * @returns how many votes were compared, and the first difference in words
 */
export async function checkRatings(
  deps: RebuildDeps,
): Promise<{ position: number; difference: string | undefined }> {
  const stored = (await deps.ratings.loadProjection()) ?? NOTHING_STORED
  const { position } = stored
  if (stored.engine !== RATING_ENGINE) {
    return {
      position,
      difference: `the stored ratings were made by engine ${stored.engine}, this one is ${RATING_ENGINE}`,
    }
  }
  const replayed = await fold(deps, position, (effects) => compareEffects(deps, effects))
  if (replayed.difference !== undefined) return { position, difference: replayed.difference }
  if (replayed.position !== position) {
    const difference = `the stored ratings have read up to vote ${position}, but the log ends at ${replayed.position}`
    return { position, difference }
  }
  const [extra] = await deps.ratings.loadEffects(position, 1)
  if (extra !== undefined) {
    return { position, difference: `vote ${extra.position} has stored changes but is not counted` }
  }
  const difference = compareStandings(await deps.ratings.loadStandings(), replayed.standings)
  return { position, difference }
}

/** SQLite lets writers wait, but in no order: beside an arena at its limit one may wait in vain. */
async function patiently<T>(write: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await write()
    } catch (cause) {
      if ((cause as { code?: string }).code !== 'SQLITE_BUSY' || attempt === PATIENCE) throw cause
    }
  }
}

async function compareEffects(
  { ratings }: RebuildDeps,
  replayed: Effect[],
): Promise<string | undefined> {
  const first = replayed[0]
  if (first === undefined) return undefined
  const stored = await ratings.loadEffects(first.position - 1, replayed.length)
  for (const [index, { position, effects }] of replayed.entries()) {
    const kept = stored[index]
    if (kept?.position !== position) return `vote ${position}: no changes are stored`
    if (kept.effects !== effects) {
      return `vote ${position}: stored ${kept.effects}, replayed ${effects}`
    }
  }
  return undefined
}

function compareStandings(stored: Standings, replayed: Standings): string | undefined {
  const tables = [
    ...DIMENSIONS.map(
      (dimension) =>
        [dimension, stored.dimensions[dimension], replayed.dimensions[dimension]] as const,
    ),
    ['overall', stored.votes, replayed.votes] as const,
  ]
  for (const [name, left, right] of tables) {
    for (const slug of new Set([...left.keys(), ...right.keys()])) {
      // Numbers in their shortest form that reads back to the same bits.
      const [kept, made] = [JSON.stringify(left.get(slug)), JSON.stringify(right.get(slug))]
      if (kept !== made) return `${name}, ${slug}: stored ${kept}, replayed ${made}`
    }
  }
  return undefined
}
