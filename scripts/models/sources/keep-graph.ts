import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Takes all graphs but one out of a folder that is being added, so that this one is served: the
 * inference chooses by itself among several. External data stays, for graphs may share it.
 */
export async function keepGraph(folder: string, graph: string): Promise<void> {
  const kept = `${graph}.onnx`
  const found: string[] = []
  for (const place of ['onnx', '.']) {
    const names = await readdir(join(folder, place)).catch(() => [])
    for (const name of names) {
      const path = join(folder, place, name)
      if (name.endsWith('.onnx') && (await stat(path)).isFile()) found.push(path)
    }
  }
  const chosen = found.find((path) => path.endsWith(`/${kept}`))
  if (chosen === undefined) {
    const names = found.map((path) => path.slice(folder.length + 1))
    throw new Error(`it has no graph ${kept}; it has: ${names.join(', ') || 'none'}`)
  }
  for (const path of found) if (path !== chosen) await rm(path)
}
