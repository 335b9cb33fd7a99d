import type { VoteCollector } from './collector.ts'
import { readCsv } from './csv.ts'
import { readJsonArray } from './json.ts'
import { readJsonLines } from './jsonl.ts'
import { readParquet } from './parquet.ts'
import type { Progress } from './progress.ts'
import { isParquet, openText, sizeOf, STDIN } from './source.ts'

const TEXT_READERS = { csv: readCsv, jsonl: readJsonLines, json: readJsonArray } as const

/**
 * Reads all files into the collector, one after the other. None is held in memory.
 *
 * @throws {DataError} for a file that cannot be read at all
 */
export async function readFiles(
  files: readonly string[],
  collector: VoteCollector,
  progress: Progress,
): Promise<void> {
  const sizes = []
  // All of them first: a name that is mistyped should not cost the reading of the others.
  for (const file of files) sizes.push(await sizeOf(file))
  progress.expect(sizes.includes(undefined) ? undefined : sum(sizes))
  for (const file of files) await readFile(file, collector, (bytes) => progress.advance(bytes))
  progress.end()
}

async function readFile(
  file: string,
  collector: VoteCollector,
  advance: (bytes: number) => void,
): Promise<void> {
  const sink = collector.fileSink(nameOf(file))
  if (await isParquet(file)) {
    await readParquet(file, sink, advance)
    return
  }
  const { format, chunks } = await openText(file, advance)
  await TEXT_READERS[format](nameOf(file), chunks, sink)
}

function nameOf(file: string): string {
  return file === STDIN ? 'standard input' : file
}

function sum(sizes: readonly (number | undefined)[]): number {
  return sizes.reduce<number>((total, size) => total + (size ?? 0), 0)
}
