import { posix } from 'node:path'
import { chooseGraph } from '../../../inference/loading/choose-graph.ts'
import { soleGraph } from '../../../inference/loading/sole-graph.ts'
import { visible } from '../format.ts'
import type { HubFile } from './hub-client.ts'

/** Which of a model's graphs is wanted. */
export interface GraphWish {
  /** Its file name without `.onnx`. */
  readonly graph?: string | undefined
  /** Its precision, as graphs are named by it: fp32, fp16, int8, q4 … */
  readonly dtype?: string | undefined
}

/** A file of the hub with the path that it gets in the model's folder. */
export interface WantedFile extends HubFile {
  /** Its path on the hub. */
  readonly from: string
}

/** Small files beside the graphs that loading, checking and crediting a model may want. */
const SMALL =
  /^(?:config[^/]*\.json|genai_config\.json|generation_config\.json|tokenizer[^/]*\.json|special_tokens_map\.json|added_tokens\.json|chat_template[^/]*|golden\/[^/]+\.json|README\.md|LICEN[CS]E[^/]*|NOTICE[^/]*)$/u
/** What is larger is none of them, whatever it is called. */
const MAX_SMALL_BYTES = 128 * 1024 * 1024
/** How many graphs are named to somebody who has to choose. */
const MAX_NAMED = 20

/** The files below `folder` of a model, with their paths from there. */
export function filesBelow(all: readonly HubFile[], folder: string | undefined): WantedFile[] {
  const prefix = folder === undefined ? '' : `${folder.replace(/^\/+|\/+$/gu, '')}/`
  return all.flatMap((file) =>
    file.path.startsWith(prefix)
      ? [{ ...file, from: file.path, path: file.path.slice(prefix.length) }]
      : [],
  )
}

/** The files that say what a model is. */
export function smallFiles(files: readonly WantedFile[]): WantedFile[] {
  return files.filter(({ path, size }) => SMALL.test(path) && size <= MAX_SMALL_BYTES)
}

/**
 * The files of one graph, the graph itself first, then its external data. Throws an Error that says
 * which graphs there are when none is as wished.
 *
 * @param genaiFile the graph that genai_config.json names
 */
export async function graphFiles(
  files: readonly WantedFile[],
  { graph, dtype }: GraphWish,
  genaiFile: string | undefined,
): Promise<WantedFile[]> {
  const paths = new Set(files.map(({ path }) => path))
  const exists = (path: string) => Promise.resolve(paths.has(path))
  const only = soleGraph([...paths])
  const choice =
    (await chooseGraph(
      { graph, dtype, genaiFile: dtype === undefined ? genaiFile : undefined },
      exists,
    )) ??
    (graph === undefined && only !== undefined ? await chooseGraph({ graph: only }, exists) : null)
  if (choice === null || (dtype !== undefined && choice.precision !== dtype)) {
    const wish = graph !== undefined ? ` ${graph}.onnx` : dtype !== undefined ? ` in ${dtype}` : ''
    throw new Error(`it has no ONNX graph${wish}: ${alternatives([...paths])}`)
  }
  const parts = files.filter(({ path }) => isDataOf(path, choice.file))
  return [...files.filter(({ path }) => path === choice.file), ...parts]
}

function isDataOf(path: string, graph: string): boolean {
  if (posix.dirname(path) !== posix.dirname(graph)) return false
  const [name, own] = [posix.basename(path), posix.basename(graph)]
  if (name === `${own.replace(/\.onnx$/u, '')}.data`) return true
  return name.startsWith(own) && /^[._]data(?:_\d+)?$/u.test(name.slice(own.length))
}

function alternatives(paths: readonly string[]): string {
  const folders = paths
    .filter((path) => path.endsWith('/genai_config.json'))
    .map((path) => posix.dirname(path))
  if (folders.length > 0) return `choose one with --folder: ${listed(folders)}`
  const graphs = paths.filter((path) => path.endsWith('.onnx'))
  if (graphs.length > 0) {
    return `choose one with --graph: ${listed(graphs.map((path) => posix.basename(path, '.onnx')))}`
  }
  const gguf = paths.find((path) => path.endsWith('.gguf'))
  return gguf === undefined
    ? 'take an ONNX export of it, often named -ONNX'
    : `download ${visible(gguf)} and turn it into one with npm run models -- convert`
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_NAMED ? ' …' : ''
  return visible(names.slice(0, MAX_NAMED).join(', ')) + more
}
