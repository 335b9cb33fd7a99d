import { CompiledQuery, type Kysely, type Selectable } from 'kysely'
import type { Database } from '../database/database.ts'
import type { Schema } from '../database/schema.ts'
import { decodeVotes, LOGGED_COLUMNS, type LoggedVote } from './logged-vote.ts'

export type VoteRow = Selectable<Schema['votes']>

/** A vote before the log has given it its position. */
export type NewVote = Omit<VoteRow, 'position'>

/** The append-only vote log. */
export type VoteRepository = ReturnType<typeof createVoteRepository>

/**
 * The whole batch as one statement per dialect: the query builder would be four fifths of this
 * path. Positions are given inside the committing transaction, so that position order is commit
 * order; a vote whose (battle, voter) is in the log already is left out.
 */
const APPEND: Record<Database['dialect'], string> = {
  sqlite: `
    insert into votes (
      position, id, battle_id, voter, judge, accuracy, helpfulness, language,
      slug_a, version_a, slug_b, version_b, pair_probability, prompt_language, category, created_at,
      turns, style)
    select
      (select coalesce(max(position), 0) from votes) + row_number() over (order by given.key),
      value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
      value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11, value ->> 12,
      value ->> 13, value ->> 14, value ->> 15, value ->> 16
    from json_each(?) as given
    where not exists (
      select 1 from votes where battle_id = value ->> 1 and voter = value ->> 2)
    order by given.key
    returning position, id`,
}

/**
 * A batch as one JSON text: parsing it takes less than half of what a row object for each vote would.
 */
const READ_FOR_RATING: Record<Database['dialect'], string> = {
  sqlite: `
    select json_group_array(json_array(${LOGGED_COLUMNS.join(', ')})) as votes
    from (select * from votes where position > ? order by position limit ?)`,
}

export function createVoteRepository({ kysely, dialect }: Database) {
  return {
    /**
     * Appends a batch in one transaction: when this resolves, every vote of it is durable.
     *
     * @returns the positions of those that were appended, by vote id
     */
    async append(batch: readonly NewVote[]): Promise<Map<string, number>> {
      const parameter = JSON.stringify(batch.map(toTuple))
      const { rows } = await kysely
        .transaction()
        .execute((trx: Kysely<Schema>) =>
          trx.executeQuery<{ position: number; id: string }>(
            CompiledQuery.raw(APPEND[dialect], [parameter]),
          ),
        )
      return new Map(rows.map(({ id, position }) => [id, position]))
    },

    /** The vote of one voter on one battle. */
    async findVote(battleId: string, voter: string) {
      const row = await kysely
        .selectFrom('votes')
        .select(['id', 'position', 'accuracy', 'helpfulness', 'language'])
        .where('battle_id', '=', battleId)
        .where('voter', '=', voter)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { accuracy, helpfulness, language } = row
      return { id: row.id, position: row.position, verdicts: { accuracy, helpfulness, language } }
    },

    /** The log after a position, in order. */
    async readAfter(position: number, limit: number): Promise<VoteRow[]> {
      return kysely
        .selectFrom('votes')
        .selectAll()
        .where('position', '>', position)
        .orderBy('position')
        .limit(limit)
        .execute()
    },

    /** The same, with only what ratings are made of: the whole log is read so at each start. */
    async readForRating(position: number, limit: number): Promise<LoggedVote[]> {
      const { rows } = await kysely.executeQuery<{ votes: string }>(
        CompiledQuery.raw(READ_FOR_RATING[dialect], [position, limit]),
      )
      return decodeVotes(rows[0]?.votes ?? '[]')
    },

    async lastPosition(): Promise<number> {
      const row = await kysely
        .selectFrom('votes')
        .select((eb) => eb.fn.max('position').as('last'))
        .executeTakeFirst()
      return row?.last ?? 0
    },

    /** A slice of the log by time of voting, in order, for exports. */
    async readPeriod(
      after: number,
      limit: number,
      period: { from?: number | undefined; to?: number | undefined },
    ): Promise<VoteRow[]> {
      let query = kysely.selectFrom('votes').selectAll().where('position', '>', after)
      if (period.from !== undefined) query = query.where('created_at', '>=', period.from)
      if (period.to !== undefined) query = query.where('created_at', '<', period.to)
      return query.orderBy('position').limit(limit).execute()
    },
  }
}

function toTuple(vote: NewVote): (string | number | null)[] {
  return [
    vote.id,
    vote.battle_id,
    vote.voter,
    vote.judge,
    vote.accuracy,
    vote.helpfulness,
    vote.language,
    vote.slug_a,
    vote.version_a,
    vote.slug_b,
    vote.version_b,
    vote.pair_probability,
    vote.prompt_language,
    vote.category,
    vote.created_at,
    vote.turns,
    vote.style,
  ]
}
