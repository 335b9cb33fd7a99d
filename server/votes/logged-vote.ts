import type { Selectable } from 'kysely'
import type { Schema } from '../database/schema.ts'

type VoteRow = Selectable<Schema['votes']>

/** What ratings are made of, in the order in which it travels. */
export const LOGGED_COLUMNS = [
  'position',
  'slug_a',
  'slug_b',
  'accuracy',
  'helpfulness',
  'language',
  'voter',
  'battle_id',
  'judge',
  'prompt_language',
  'category',
  'turns',
  'style',
  'created_at',
  'version_a',
  'version_b',
] as const satisfies readonly (keyof VoteRow)[]

/** A row of the log with what ratings are made of. */
export type LoggedVote = Pick<VoteRow, (typeof LOGGED_COLUMNS)[number]>

type TupleOf<Columns extends readonly unknown[]> = {
  -readonly [Index in keyof Columns]: Columns[Index] extends keyof VoteRow
    ? VoteRow[Columns[Index]]
    : never
}
type Tuple = TupleOf<typeof LOGGED_COLUMNS>

/**
 * A batch as one string: to hand a string to another thread costs a copy of its bytes, objects are
 * walked field by field on both sides.
 */
export function encodeVotes(votes: readonly LoggedVote[]): string {
  return JSON.stringify(
    votes.map((vote): Tuple => [
      vote.position,
      vote.slug_a,
      vote.slug_b,
      vote.accuracy,
      vote.helpfulness,
      vote.language,
      vote.voter,
      vote.battle_id,
      vote.judge,
      vote.prompt_language,
      vote.category,
      vote.turns,
      vote.style,
      vote.created_at,
      vote.version_a,
      vote.version_b,
    ]),
  )
}

/** The inverse of {@link encodeVotes}. */
export function decodeVotes(text: string): LoggedVote[] {
  return (JSON.parse(text) as Tuple[]).map((tuple) => ({
    position: tuple[0],
    slug_a: tuple[1],
    slug_b: tuple[2],
    accuracy: tuple[3],
    helpfulness: tuple[4],
    language: tuple[5],
    voter: tuple[6],
    battle_id: tuple[7],
    judge: tuple[8],
    prompt_language: tuple[9],
    category: tuple[10],
    turns: tuple[11],
    style: tuple[12],
    created_at: tuple[13],
    version_a: tuple[14],
    version_b: tuple[15],
  }))
}
