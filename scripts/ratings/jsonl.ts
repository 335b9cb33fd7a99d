import { visitLines } from './lines.ts'
import { JsonRows } from './json-rows.ts'
import { flaw } from './problems.ts'
import type { RowSink } from './sink.ts'

/** Reads votes from JSON Lines: one object a line; blank lines are left out. */
export async function readJsonLines(
  file: string,
  chunks: AsyncIterable<Buffer>,
  sink: RowSink,
): Promise<void> {
  const rows = new JsonRows(file, sink)
  await visitLines(chunks, (line, number) => {
    if (line === undefined) {
      sink.bad(
        { unit: 'line', number },
        flaw('not UTF-8', 'the line holds bytes of another encoding'),
      )
    } else if (line.trim() !== '') {
      rows.add(line, number)
    }
  })
  rows.end()
}
