import { setImmediate } from 'node:timers/promises'
import { ByteWriter, ParquetWriter, schemaFromColumnData, type BasicType } from 'hyparquet-writer'
import { EXPORT_COLUMNS, type ExportedVote } from '../../shared/schemas/export.ts'

/**
 * Votes encoded at once. Encoding holds up everything else that this thread does, so that groups are
 * smaller than is usual: some milliseconds each.
 */
const ROW_GROUP = 1000

/** Types are named, never guessed: the first group may hold nulls alone. */
const TYPES: Readonly<Record<keyof ExportedVote, { type: BasicType; nullable: boolean }>> = {
  id: { type: 'STRING', nullable: false },
  battle_id: { type: 'STRING', nullable: false },
  tstamp: { type: 'DOUBLE', nullable: false },
  model_a: { type: 'STRING', nullable: false },
  model_b: { type: 'STRING', nullable: false },
  version_a: { type: 'INT32', nullable: false },
  version_b: { type: 'INT32', nullable: false },
  pair_probability: { type: 'DOUBLE', nullable: false },
  winner_accuracy: { type: 'STRING', nullable: false },
  winner_helpfulness: { type: 'STRING', nullable: false },
  winner_language: { type: 'STRING', nullable: false },
  language: { type: 'STRING', nullable: false },
  category: { type: 'STRING', nullable: false },
  judge: { type: 'STRING', nullable: false },
  voter: { type: 'STRING', nullable: false },
  turns: { type: 'INT32', nullable: false },
  tokens_a: { type: 'INT32', nullable: true },
  tokens_b: { type: 'INT32', nullable: true },
  headers_a: { type: 'INT32', nullable: true },
  headers_b: { type: 'INT32', nullable: true },
  lists_a: { type: 'INT32', nullable: true },
  lists_b: { type: 'INT32', nullable: true },
  bold_a: { type: 'INT32', nullable: true },
  bold_b: { type: 'INT32', nullable: true },
}

/** Votes as the bytes of a Parquet file, a row group at a time; without votes the schema alone. */
export async function* toParquet(votes: AsyncIterable<ExportedVote>): AsyncGenerator<Buffer> {
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columnsOf([]) }),
    createdBy: 'trivium',
  })
  let group: ExportedVote[] = []
  for await (const vote of votes) {
    group.push(vote)
    if (group.length < ROW_GROUP) continue
    await writeGroup(writer, group)
    yield taken(bytes)
    group = []
    await setImmediate()
  }
  if (group.length > 0) await writeGroup(writer, group)
  await writer.finish()
  yield taken(bytes)
}

async function writeGroup(writer: ParquetWriter, votes: readonly ExportedVote[]): Promise<void> {
  // The schema is the writer's already, and wants no types again.
  const columnData = columnsOf(votes).map(({ name, data }) => ({ name, data, offsetIndex: false }))
  await writer.write({ columnData, rowGroupSize: votes.length })
}

function columnsOf(votes: readonly ExportedVote[]) {
  return EXPORT_COLUMNS.map((name) => ({
    name,
    ...TYPES[name],
    data: votes.map((vote) => vote[name]),
  }))
}

/** What was written since the last call; the writer goes on behind it. */
function taken(bytes: ByteWriter): Buffer {
  const copy = Buffer.from(bytes.getBytes())
  bytes.index = 0
  return copy
}
