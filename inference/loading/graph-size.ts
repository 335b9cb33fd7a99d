import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve, sep } from 'node:path'

/** What a graph's weights take on disk, in bytes. */
export interface GraphSize {
  /** The graph's own file. */
  readonly graphBytes: number
  /** The files beside it that it names. */
  readonly externalBytes: number
}

/** Files beyond this hold their weights themselves; those with external data have a few megabytes. */
const MOST_SCANNED_BYTES = 256 * 1024 ** 2
/** How a graph's file (protobuf) names a file of external data: the key, then the value's mark. */
const LOCATION = Buffer.from('\n\u0008location\u0012', 'latin1')
const LONGEST_NAME = 127

/** Reads how large a graph is with its external data. What is missing counts as nothing. */
export async function graphSize(path: string): Promise<GraphSize> {
  const { size: graphBytes } = await stat(path)
  if (graphBytes > MOST_SCANNED_BYTES) return { graphBytes, externalBytes: 0 }
  const folder = dirname(path)
  const sizes = [...locationsIn(await readFile(path))].map(async (name) => {
    const file = resolve(folder, name)
    if (!file.startsWith(folder + sep)) return 0
    return stat(file).then(
      ({ size }) => size,
      () => 0,
    )
  })
  const externalBytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  return { graphBytes, externalBytes }
}

function locationsIn(graph: Buffer): Set<string> {
  const names = new Set<string>()
  for (let at = graph.indexOf(LOCATION); at >= 0; at = graph.indexOf(LOCATION, at)) {
    at += LOCATION.length
    const length = graph[at] ?? 0
    if (length <= LONGEST_NAME) names.add(graph.toString('utf8', at + 1, at + 1 + length))
  }
  return names
}
