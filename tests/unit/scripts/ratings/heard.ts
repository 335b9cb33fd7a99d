import { readCsv } from '../../../../scripts/ratings/csv.ts'
import { readJsonArray } from '../../../../scripts/ratings/json.ts'
import { readJsonLines } from '../../../../scripts/ratings/jsonl.ts'
import { placeOf } from '../../../../scripts/ratings/problems.ts'
import type { Row } from '../../../../scripts/ratings/rows.ts'
import type { RowSink } from '../../../../scripts/ratings/sink.ts'

/** What a reader has handed on: rows with their places, and bad rows as they would be named. */
export type Heard = { rows: { row: Row; place: string }[]; bad: string[] }

/** A sink that takes every column. */
export function listener(): Heard & { sink: RowSink } {
  const heard: Heard = { rows: [], bad: [] }
  return {
    ...heard,
    sink: {
      columns: (found) => found,
      row: (row, place) => heard.rows.push({ row: { ...row }, place: placeOf('f', place) }),
      bad: (place, { kind, detail }) =>
        heard.bad.push(`${placeOf('f', place)}: ${kind}: ${detail}`),
    },
  }
}

const READERS = { csv: readCsv, jsonl: readJsonLines, json: readJsonArray } as const

/** Reads a text, cut into chunks at the given places. */
export async function read(
  format: keyof typeof READERS,
  content: string | Buffer,
  cuts: readonly number[] = [],
): Promise<Heard> {
  const { sink, rows, bad } = listener()
  await READERS[format]('f', chunksOf(Buffer.from(content), cuts), sink)
  return { rows, bad }
}

async function* chunksOf(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  for (const [index, cut] of [...at, bytes.length].entries()) {
    // Every chunk is its own memory, as it may be with a stream.
    yield Buffer.from(bytes.subarray(at[index - 1] ?? 0, cut))
  }
}
