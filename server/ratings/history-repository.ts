import type { Insertable, Kysely } from 'kysely'
import type { BoardDimension } from '../../shared/dimensions.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { keptMoments, type Checkpoint, type HistoryEntry, type Moment } from './history.ts'

/** The name under which the projection's progress is kept. */
const PROJECTION = 'history'

/** Rows of one insert: SQLite binds at most 32,766 values in a statement, a row has nine. */
const INSERT_ROWS = 1000

/** How far the stored history goes: the position of its last moment, and what computed it. */
export type HistoryProgress = { readonly engine: string; readonly position: number }

/** An entry of the history with its moment. */
export type StoredEntry = HistoryEntry & Moment

/** The rating history: a projection of the log, as the ratings are. */
export type HistoryRepository = ReturnType<typeof createHistoryRepository>

export function createHistoryRepository({ kysely }: Pick<Database, 'kysely'>) {
  return {
    loadProgress: () => loadProgress(kysely),
    loadMoments: () => loadMoments(kysely),

    /** All that is stored of some moments in one dimension, by time and slug. */
    async load(
      dimension: BoardDimension,
      moments: readonly Moment[],
      slug?: string,
    ): Promise<StoredEntry[]> {
      if (moments.length === 0) return []
      let query = kysely
        .selectFrom('rating_history')
        .selectAll()
        .where('dimension', '=', dimension)
        .where(
          'position',
          'in',
          moments.map(({ position }) => position),
        )
      if (slug !== undefined) query = query.where('slug', '=', slug)
      const rows = await query.orderBy('position').orderBy('slug').execute()
      return rows.map(({ ci_low, ci_high, ...row }) => ({
        ...row,
        ciLow: ci_low,
        ciHigh: ci_high,
      }))
    },

    /**
     * Adds the next moment, and drops what is kept no longer once it has passed.
     *
     * @param expected the position of the moment before
     * @returns false, with nothing written, if the stored history is not there; true also if it has
     *   this moment already
     */
    async append(expected: number, checkpoint: Checkpoint): Promise<boolean> {
      return kysely.transaction().execute(async (trx) => {
        // A write first: SQLite refuses to make a writer of a transaction that has read.
        const moved = await trx
          .updateTable('projections')
          .set({ position: checkpoint.position })
          .where('name', '=', PROJECTION)
          .where('position', '=', expected)
          .executeTakeFirst()
        if (moved.numUpdatedRows === 0n) {
          const progress = await loadProgress(trx)
          return progress !== undefined && progress.position >= checkpoint.position
        }
        await insert(trx, [checkpoint])
        const moments = await loadMoments(trx)
        const kept = new Set(keptMoments(moments).map(({ position }) => position))
        const dropped = moments.map(({ position }) => position).filter((at) => !kept.has(at))
        if (dropped.length > 0) {
          await trx.deleteFrom('rating_history').where('position', 'in', dropped).execute()
        }
        return true
      })
    },

    /**
     * Begins anew with these moments, the last one being the present position.
     *
     * @returns false, with nothing written, if what is stored goes further, by the same engine
     */
    async replace(engine: string, checkpoints: readonly Checkpoint[]): Promise<boolean> {
      const position = checkpoints.at(-1)?.position ?? 0
      return kysely.transaction().execute(async (trx) => {
        // Changes nothing, but takes the writers' lock before anything is read.
        await trx.updateTable('projections').set({ engine }).where('name', 'is', null).execute()
        const stored = await loadProgress(trx)
        if (stored?.engine === engine && stored.position > position) return false
        await trx.deleteFrom('rating_history').execute()
        await insert(trx, checkpoints)
        await trx
          .insertInto('projections')
          .values({ name: PROJECTION, engine, position, board_version: 0 })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ engine, position }))
          .execute()
        return true
      })
    },
  }
}

async function loadProgress(connection: Kysely<Schema>): Promise<HistoryProgress | undefined> {
  return connection
    .selectFrom('projections')
    .select(['engine', 'position'])
    .where('name', '=', PROJECTION)
    .executeTakeFirst()
}

async function loadMoments(connection: Kysely<Schema>): Promise<Moment[]> {
  // Of one dimension: whoever has a vote stands on the overall board.
  return connection
    .selectFrom('rating_history')
    .select(['position', 'at'])
    .distinct()
    .where('dimension', '=', 'overall')
    .orderBy('position')
    .execute()
}

async function insert(trx: Kysely<Schema>, checkpoints: readonly Checkpoint[]): Promise<void> {
  const rows = checkpoints.flatMap(({ position, at, entries }) =>
    entries.map(
      ({
        dimension,
        slug,
        rating,
        ciLow,
        ciHigh,
        elo,
        votes,
      }): Insertable<Schema['rating_history']> => ({
        position,
        dimension,
        slug,
        at,
        rating,
        ci_low: ciLow,
        ci_high: ciHigh,
        elo,
        votes,
      }),
    ),
  )
  for (let start = 0; start < rows.length; start += INSERT_ROWS) {
    await trx
      .insertInto('rating_history')
      .values(rows.slice(start, start + INSERT_ROWS))
      .execute()
  }
}
