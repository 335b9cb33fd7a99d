import { setImmediate as nextTurn } from 'node:timers/promises'
import { CompiledQuery, type Insertable, type Kysely } from 'kysely'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import { Standings } from '../../shared/ratings/standings.ts'
import type { ReceiptRatings } from '../../shared/schemas/battle.ts'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { transactUnsynced } from '../database/unsynced.ts'

/** The name under which the projection's progress is kept. */
const PROJECTION = 'ratings'

/** How far the stored projection has read, and by which engine. */
export type StoredProjection = {
  readonly engine: string
  readonly position: number
  readonly boardVersion: number
}

/** What the vote at a log position did, as JSON of a `ReceiptRatings`. */
export type Effect = { readonly position: number; readonly effects: string }

/** The rating projection's tables: standings, what each vote did, and how far the log is read. */
export type RatingsRepository = ReturnType<typeof createRatingsRepository>

const INSERT_EFFECTS: Record<Database['dialect'], string> = {
  sqlite: `
    insert into vote_effects (position, effects)
    select value ->> 0, value ->> 1 from json_each(?) where true
    on conflict (position) do update set effects = excluded.effects`,
}

/** Rows of one statement: a millisecond or two on the thread of the sockets, which gets a turn after it. */
const STANDINGS_AT_ONCE = 100
const EFFECTS_AT_ONCE = 50

/**
 * Written as text: the query builder would be four fifths of this, on the thread of the sockets. As
 * values, not as JSON: a database need not read back a number's text to the same bits.
 */
const UPSERT_STANDINGS: Record<Database['dialect'], (rows: number) => string> = {
  sqlite: (rows) => `
    insert into standings (dimension, slug, elo, votes, wins, losses, ties, both_bad)
    values ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}
    on conflict (dimension, slug) do update set
      elo = excluded.elo, votes = excluded.votes, wins = excluded.wins, losses = excluded.losses,
      ties = excluded.ties, both_bad = excluded.both_bad`,
}

export function createRatingsRepository(db: Database) {
  const { kysely, dialect } = db
  return {
    loadProjection: () => loadProjection(kysely),
    loadStandings: () => loadStandings(kysely),

    /** Both as they stood at one moment, whatever is written beside. */
    async loadFold(): Promise<{
      projection: StoredProjection | undefined
      standings: Standings
    }> {
      return kysely.transaction().execute(async (trx) => ({
        projection: await loadProjection(trx),
        standings: await loadStandings(trx),
      }))
    },

    async loadEffect(position: number): Promise<string | undefined> {
      const row = await kysely
        .selectFrom('vote_effects')
        .select('effects')
        .where('position', '=', position)
        .executeTakeFirst()
      return row?.effects
    },

    async loadEffects(after: number, limit: number): Promise<Effect[]> {
      return kysely
        .selectFrom('vote_effects')
        .select(['position', 'effects'])
        .where('position', '>', after)
        .orderBy('position')
        .limit(limit)
        .execute()
    },

    /** Raises the mark below which board versions may have been seen. */
    async reserveBoardVersions(boardVersion: number): Promise<void> {
      await kysely
        .updateTable('projections')
        .set({ board_version: boardVersion })
        .where('name', '=', PROJECTION)
        .where('board_version', '<', boardVersion)
        .execute()
    },

    /**
     * Writes a step of the projection in one transaction. It is not synced to the disk: what is lost
     * with the power is folded again from the log. Between its statements others get their turn of
     * the event loop, though not of the database.
     *
     * @param expected the position that the stored projection must stand at
     * @param effects what votes did, with their positions
     * @returns false, with nothing written, if somebody else has moved it
     */
    async advance(
      expected: number,
      step: { position: number; changed: readonly string[]; standings: Standings },
      effects: readonly (readonly [position: number, effect: ReceiptRatings])[],
    ): Promise<boolean> {
      // Taken before anything is awaited: the fold may go on while this is written.
      const rows = standingRows(step.standings, step.changed)
      return transactUnsynced(db, async (trx) => {
        const moved = await trx
          .updateTable('projections')
          .set({ position: step.position })
          .where('name', '=', PROJECTION)
          .where('position', '=', expected)
          .executeTakeFirst()
        if (moved.numUpdatedRows === 0n) return false
        await writeStandings(trx, dialect, rows)
        for (let start = 0; start < effects.length; start += EFFECTS_AT_ONCE) {
          await nextTurn()
          const some = effects.slice(start, start + EFFECTS_AT_ONCE)
          await insertEffects(trx, dialect, some.map(toEffect))
        }
        await nextTurn()
        return true
      })
    },

    /** Writes what votes did; the same for ever, so that writing it again changes nothing. */
    async writeEffects(effects: readonly Effect[]): Promise<void> {
      await insertEffects(kysely, dialect, effects)
    },

    /**
     * Puts a fold of the log up to a position in the place of what is stored.
     *
     * @returns false, with nothing written, if the log has grown since: what is stored may have read further
     */
    async replace(engine: string, position: number, standings: Standings): Promise<boolean> {
      const rows = standingRows(standings, [...standings.votes.keys()])
      return kysely.transaction().execute(async (trx) => {
        // Changes nothing, but takes the writers' lock: SQLite refuses at once to make a writer of
        // a transaction that has read what somebody else has changed since.
        await trx.updateTable('projections').set({ engine }).where('name', 'is', null).execute()
        const { last } = await trx
          .selectFrom('votes')
          .select((eb) => eb.fn.max('position').as('last'))
          .executeTakeFirstOrThrow()
        if ((last ?? 0) > position) return false
        await trx.deleteFrom('standings').execute()
        await writeStandings(trx, dialect, rows)
        await trx.deleteFrom('vote_effects').where('position', '>', position).execute()
        await trx
          .insertInto('projections')
          .values({ name: PROJECTION, engine, position, board_version: 0 })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ engine, position }))
          .execute()
        return true
      })
    },

    /** Drops the projection and begins it anew at position 0; board versions go on growing. */
    async reset(engine: string): Promise<void> {
      await kysely.transaction().execute(async (trx) => {
        await trx.deleteFrom('standings').execute()
        await trx.deleteFrom('vote_effects').execute()
        await trx
          .insertInto('projections')
          .values({ name: PROJECTION, engine, position: 0, board_version: 0 })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ engine, position: 0 }))
          .execute()
      })
    },
  }
}

async function loadProjection(connection: Kysely<Schema>): Promise<StoredProjection | undefined> {
  const row = await connection
    .selectFrom('projections')
    .select(['engine', 'position', 'board_version'])
    .where('name', '=', PROJECTION)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return { engine: row.engine, position: row.position, boardVersion: row.board_version }
}

async function loadStandings(connection: Kysely<Schema>): Promise<Standings> {
  const standings = new Standings()
  const rows = await connection.selectFrom('standings').selectAll().execute()
  for (const { dimension, slug, elo, votes, wins, losses, ties, both_bad } of rows) {
    if (dimension === 'overall') {
      standings.votes.set(slug, votes)
    } else {
      const bothBad = both_bad
      const standing = { slug, elo, votes, wins, losses, ties, bothBad }
      standings.dimensions[dimension].set(slug, standing)
    }
  }
  let sides = 0
  for (const votes of standings.votes.values()) sides += votes
  standings.totalVotes = sides / 2
  return standings
}

async function insertEffects(
  connection: Kysely<Schema>,
  dialect: Database['dialect'],
  effects: readonly Effect[],
): Promise<void> {
  const parameter = JSON.stringify(effects.map(({ position, effects: text }) => [position, text]))
  await connection.executeQuery(CompiledQuery.raw(INSERT_EFFECTS[dialect], [parameter]))
}

function toEffect([position, effect]: readonly [number, ReceiptRatings]): Effect {
  return { position, effects: JSON.stringify(effect) }
}

type StandingRow = Insertable<Schema['standings']>

function standingRows(standings: Standings, slugs: readonly string[]): StandingRow[] {
  return slugs.flatMap((slug) => [
    {
      dimension: 'overall' as const,
      slug,
      elo: 0,
      votes: standings.votes.get(slug) ?? 0,
      wins: 0,
      losses: 0,
      ties: 0,
      both_bad: 0,
    },
    ...DIMENSIONS.flatMap((dimension) => {
      const standing = standings.dimensions[dimension].get(slug)
      if (standing === undefined) return []
      const { bothBad, ...rest } = standing
      return [{ dimension, ...rest, both_bad: bothBad }]
    }),
  ])
}

async function writeStandings(
  trx: Kysely<Schema>,
  dialect: Database['dialect'],
  rows: readonly StandingRow[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += STANDINGS_AT_ONCE) {
    await nextTurn()
    const batch = rows.slice(start, start + STANDINGS_AT_ONCE)
    const values = batch.flatMap((row) => [
      row.dimension,
      row.slug,
      row.elo,
      row.votes,
      row.wins,
      row.losses,
      row.ties,
      row.both_bad,
    ])
    await trx.executeQuery(CompiledQuery.raw(UPSERT_STANDINGS[dialect](batch.length), values))
  }
}
