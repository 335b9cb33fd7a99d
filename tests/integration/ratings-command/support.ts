import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ByteWriter, parquetWriteRows, type BasicType } from 'hyparquet-writer'
import { readOptions } from '../../../scripts/ratings/options.ts'
import { rateFiles } from '../../../scripts/ratings/rate-files.ts'
import type { Report } from '../../../scripts/ratings/report.ts'

/** A folder of vote files that a test wrote. */
export type VoteFolder = {
  /** Writes a file. @returns its path */
  write(name: string, content: string | Buffer): Promise<string>
  remove(): Promise<void>
}

export async function voteFolder(): Promise<VoteFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'trivium-ratings-'))
  return {
    async write(name, content) {
      const path = join(folder, name)
      await writeFile(path, content)
      return path
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** What came of a call: the report, or why there is none; and what was said meanwhile. */
export type Outcome = { report: Report | undefined; error: string | undefined; said: string[] }

/** Rates files as the command does, but for the process around it. */
export async function rate(...args: string[]): Promise<Outcome> {
  const said: string[] = []
  const progress = { expect: ignore, advance: ignore, end: ignore }
  const deps = { progress, say: (line: string) => void said.push(line), now: Date.now }
  try {
    return { report: await rateFiles(readOptions(args), deps), error: undefined, said }
  } catch (cause) {
    return {
      report: undefined,
      error: cause instanceof Error ? cause.message : String(cause),
      said,
    }
  }
}

/** A report that has to be there. */
export async function rated(...args: string[]): Promise<Report> {
  const { report, error } = await rate(...args)
  if (report === undefined) throw new Error(error)
  return report
}

const ignore = () => undefined

/** Rows as a Parquet file in two row groups. */
export function parquetOf(
  rows: readonly Record<string, unknown>[],
  types: Readonly<Record<string, BasicType>>,
): Buffer {
  const writer = new ByteWriter()
  void parquetWriteRows({
    writer,
    rows: [...rows],
    columns: Object.entries(types).map(([name, type]) => ({ name, type })),
    rowGroupSize: Math.max(1, Math.ceil(rows.length / 2)),
  })
  return Buffer.from(writer.getBytes())
}
