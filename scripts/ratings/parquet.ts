import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetScan,
  parquetSchema,
  type FileMetaData,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { DataError, flaw } from './problems.ts'
import type { RowSink } from './sink.ts'

/** A text cell that is not UTF-8. */
const NOT_UTF8 = Symbol('not UTF-8')

/**
 * Reads votes from a Parquet file, one row group at a time and only the columns that are needed.
 * Rows count from 1.
 *
 * @param progress told the bytes of the row groups that have been read
 * @throws {DataError} if the file is cut off or damaged
 */
export async function readParquet(
  file: string,
  sink: RowSink,
  progress: (bytes: number) => void = () => undefined,
): Promise<void> {
  const buffer = await asyncBufferFromFile(file)
  const metadata = await orDataError(
    () => parquetMetadataAsync(buffer),
    `${file}: the file is cut off or damaged: its Parquet footer cannot be read`,
  )
  const found = parquetSchema(metadata).children.map(({ element }) => element.name)
  const names = sink.columns(found)
  const scan = await parquetScan({
    file: buffer,
    metadata,
    columns: [...names],
    compressors,
    parsers: { stringFromBytes: textOf },
  })
  for (const [index, range] of scan.ranges.entries()) {
    const { rowStart, rowEnd } = range
    const columns = await orDataError(
      () => Promise.all(names.map((column) => scan.readColumn({ column, ...range }))),
      `${file}, rows ${rowStart + 1} to ${rowEnd}: the row group cannot be read`,
    )
    const row: Record<string, unknown> = {}
    for (let at = 0; at < rowEnd - rowStart; at++) {
      let damaged = false
      for (const [column, name] of names.entries()) {
        const value: unknown = columns[column]?.[at]
        row[name] = value ?? null
        damaged ||= value === NOT_UTF8
      }
      const place = { unit: 'row', number: rowStart + at + 1 } as const
      if (damaged) sink.bad(place, flaw('not UTF-8', 'the row holds bytes of another encoding'))
      else sink.row(row, place)
    }
    progress(bytesOf(metadata, index))
  }
}

async function orDataError<T>(work: () => Promise<T>, message: string): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw new DataError(`${message}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function textOf(bytes: Uint8Array): unknown {
  try {
    return bytes && decoder.decode(bytes)
  } catch {
    return NOT_UTF8
  }
}

function bytesOf({ row_groups: groups }: FileMetaData, index: number): number {
  return Number(groups[index]?.total_compressed_size ?? groups[index]?.total_byte_size ?? 0)
}
