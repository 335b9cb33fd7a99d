import type { Database } from '../../../server/database/database.ts'
import type { NewVote } from '../../../server/votes/repository.ts'
import { VERDICTS, type Verdict } from '../../../shared/verdicts.ts'

/** Writes empty battles for votes to refer to. */
export async function insertBattles({ kysely }: Database, ids: readonly string[]): Promise<void> {
  await kysely
    .insertInto('battles')
    .values(
      ids.map((id) => ({
        id,
        visitor: 'visitor',
        client_key: null,
        slug_a: 'x',
        version_a: 1,
        slug_b: 'y',
        version_b: 1,
        pair_probability: 1,
        language: 'und',
        category: 'uncategorized',
        created_at: 0,
        last_turn_at: 0,
      })),
    )
    .execute()
}

/** The n-th of a fixed sequence of varied votes among five models. */
export function sampleVote(n: number): NewVote {
  const verdict = (offset: number): Verdict => VERDICTS[(n * 7 + offset * 3) % 5] ?? 'tie'
  const verdicts = [verdict(0), verdict(1), verdict(2)] as const
  return {
    id: `vote-${n}`,
    battle_id: `battle-${n}`,
    voter: `voter-${n % 17}`,
    judge: 'human',
    // At least one verdict always counts.
    accuracy: verdicts[0] === 'skip' ? 'tie' : verdicts[0],
    helpfulness: verdicts[1],
    language: verdicts[2],
    slug_a: `m${n % 5}`,
    version_a: 1,
    slug_b: `m${(n + 1 + (n % 3)) % 5}`,
    version_b: 1,
    pair_probability: 0.1,
    prompt_language: 'und',
    category: 'uncategorized',
    created_at: 1_700_000_000_000 + n,
    turns: 1 + (n % 3),
    style: n % 4 === 3 ? null : JSON.stringify([n, n + 1, n % 3, 0, n % 5, 2, 0, n % 2]),
  }
}
