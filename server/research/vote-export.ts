import type { ExportedVote } from '../../shared/schemas/export.ts'
import { FASTCHAT_LABELS } from '../../shared/verdicts.ts'
import type { VoteRepository, VoteRow } from '../votes/repository.ts'

/** Votes read at once: memory stays bounded whatever the size of the log. */
const READ_BATCH = 1000

/**
 * The vote log as researchers get it: no texts, verdicts under FastChat's labels, in log order.
 *
 * @param period `from` included, `to` not, in epoch milliseconds
 */
export async function* exportVotes(
  votes: Pick<VoteRepository, 'readPeriod'>,
  period: { from?: number | undefined; to?: number | undefined },
): AsyncGenerator<ExportedVote> {
  let position = 0
  for (;;) {
    const batch = await votes.readPeriod(position, READ_BATCH, period)
    for (const row of batch) yield toExportedVote(row)
    position = batch.at(-1)?.position ?? position
    if (batch.length < READ_BATCH) return
  }
}

function toExportedVote(row: VoteRow): ExportedVote {
  const style = row.style === null ? [] : (JSON.parse(row.style) as (number | null)[])
  return {
    id: row.id,
    battle_id: row.battle_id,
    tstamp: row.created_at / 1000,
    model_a: row.slug_a,
    model_b: row.slug_b,
    version_a: row.version_a,
    version_b: row.version_b,
    pair_probability: row.pair_probability,
    winner_accuracy: FASTCHAT_LABELS[row.accuracy],
    winner_helpfulness: FASTCHAT_LABELS[row.helpfulness],
    winner_language: FASTCHAT_LABELS[row.language],
    language: row.prompt_language,
    category: row.category,
    judge: row.judge,
    voter: row.voter,
    turns: row.turns,
    tokens_a: style[0] ?? null,
    tokens_b: style[1] ?? null,
    headers_a: style[2] ?? null,
    headers_b: style[3] ?? null,
    lists_a: style[4] ?? null,
    lists_b: style[5] ?? null,
    bold_a: style[6] ?? null,
    bold_b: style[7] ?? null,
  }
}
