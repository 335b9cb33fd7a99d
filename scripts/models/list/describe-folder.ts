import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openOrtLibrary } from '../../../inference/engine/native/ort-library.ts'
import { type ModelFolder, readModelFolder } from '../../../inference/loading/model-folder.ts'
import { visible } from '../format.ts'
import { contains } from './contains.ts'
import { licenceOf } from './licence.ts'

/** The operator whose attention writes into the cache that it was given. */
const SHARING = 'GroupQueryAttention'
const MAX_DEPTH = 10

/** One line of the list. */
export interface Described {
  readonly id: string
  readonly bytes: number
  readonly licence: string | null
  /** Why it will not be served; the rest is null then. */
  readonly problem: string | null
  readonly graph: string | null
  readonly precision: string | null
  readonly contextLength: number | null
  /** The engine that would serve it, by the operators of its graph: only loading it is sure. */
  readonly engine: 'shared-cache' | 'growing-cache' | null
}

/** Describes a model folder by its files, without loading it. */
export async function describeFolder(directory: string, id: string): Promise<Described> {
  const folder = join(directory, id)
  const common = { id, bytes: await bytesIn(folder), licence: await licenceOf(folder) }
  let read: ModelFolder
  try {
    read = await readModelFolder(folder)
  } catch (cause) {
    const problem = visible(cause instanceof Error ? cause.message : String(cause))
    return { ...common, problem, graph: null, precision: null, contextLength: null, engine: null }
  }
  return {
    ...common,
    problem: null,
    graph: read.graph.file,
    precision: read.graph.precision,
    contextLength: read.contextLength,
    engine:
      hasNativeRuntime() && (await contains(read.graphPath, SHARING))
        ? 'shared-cache'
        : 'growing-cache',
  }
}

function hasNativeRuntime(): boolean {
  try {
    openOrtLibrary()
    return true
  } catch {
    return false
  }
}

async function bytesIn(folder: string, depth = 0): Promise<number> {
  if (depth > MAX_DEPTH) return 0
  let sum = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) sum += await bytesIn(path, depth + 1)
    else
      sum += await stat(path).then(
        (found) => (found.isFile() ? found.size : 0),
        () => 0,
      )
  }
  return sum
}
