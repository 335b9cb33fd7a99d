import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { encodeModel } from '../onnx-writer/onnx-model.ts'
import { configFiles } from './config-files.ts'
import { ConversionError } from './conversion-error.ts'
import { type PlacedMatrix, placeMatrices, writeMatrices } from './data-files.ts'
import { decoderGraph } from './decoder-graph.ts'
import { type GgufFile, openGguf } from './gguf-file.ts'
import type { GraphVariant } from './graph-context.ts'
import { readShape } from './llama-shape.ts'
import type { Metadata } from './metadata.ts'
import { tokenizerFiles } from './tokenizer-files.ts'
import { readVocabulary } from './vocabulary.ts'
import { findWeights, matricesOf } from './weights.ts'

/** What to convert, and where to. */
export interface ConvertOptions {
  /** Path of a GGUF file. */
  readonly file: string
  /** The model folder to make; must not exist, its parent is made where there is none. */
  readonly folder: string
  /** Stops between two pieces of work; nothing half-written stays. */
  readonly signal?: AbortSignal
  /** Told how much is done, from 0 to 1. */
  readonly progress?: (part: number) => void
  /** Size above which the weights go on in another file. */
  readonly dataFileBytes?: number
  /** The graphs to write, by file name without `.onnx`. */
  readonly graphs?: Readonly<Record<string, GraphVariant>>
}

/** What a conversion made. */
export interface Converted {
  /** Size of all files of the folder. */
  readonly bytes: number
  /** What the model is, in a few words. */
  readonly summary: string
  /** What somebody should know: what was requantised, what was left out. */
  readonly notes: readonly string[]
}

const GIBIBYTE = 1024 ** 3
/** The first one names the files of the weights. */
const GRAPHS: Readonly<Record<string, GraphVariant>> = {
  model_q4: { precision: 'float32', roughLayers: true, roughLogits: true },
  model_q4_exact: { precision: 'float32', roughLayers: false, roughLogits: true },
  model_q4f16: { precision: 'float16', roughLayers: true, roughLogits: true },
}

/**
 * Writes the model of a GGUF file as a folder that the inference loads. Throws a ConversionError
 * whose message says in one sentence what is broken or not supported; then, and when the signal
 * stops it, nothing is left behind.
 */
export async function convertGguf(options: ConvertOptions): Promise<Converted> {
  const { folder } = options
  if (await exists(folder)) throw new ConversionError(`${folder} is there already`)
  const file = await openGguf(options.file)
  try {
    const planned = await plan(file, options)
    const parent = dirname(folder)
    await mkdir(parent, { recursive: true })
    // Beside its place, so that a rename is enough; hidden, so that nobody loads it meanwhile.
    const temporary = join(parent, `.${basename(folder)}-${randomUUID()}`)
    try {
      const bytes = await writeFolder(file, temporary, planned, options)
      options.signal?.throwIfAborted()
      await rename(temporary, folder)
      return { bytes, summary: planned.summary, notes: planned.notes }
    } catch (error) {
      await rm(temporary, { recursive: true, force: true })
      throw error
    }
  } finally {
    await file.close()
  }
}

/** Everything of a folder but the weights. */
interface Plan {
  readonly placed: readonly PlacedMatrix[]
  /** Contents by path in the folder. */
  readonly files: ReadonlyMap<string, string | Uint8Array>
  /** Names of the files of weights in onnx/. */
  readonly dataFiles: ReadonlySet<string>
  readonly summary: string
  readonly notes: readonly string[]
}

/** Reads a file's header to the end, so that what can be refused is refused before anything is written. */
async function plan(
  file: GgufFile,
  { file: source, dataFileBytes = GIBIBYTE, graphs = GRAPHS }: ConvertOptions,
): Promise<Plan> {
  const notes: string[] = []
  const note = (text: string) => notes.push(text)
  const shape = await readShape(file, note)
  const weights = await findWeights(file, shape, note)
  const vocabulary = readVocabulary(file.metadata, weights.vocabularySize)
  const names = Object.keys(graphs)
  const stem = `${names[0] ?? 'model'}.onnx_data`
  const placed = placeMatrices(matricesOf(weights), stem, dataFileBytes)
  const dataFiles = new Set(
    placed.flatMap(({ codes, scales, minima }) =>
      [codes, scales, minima].flatMap((tensor) => tensor?.data.file ?? []),
    ),
  )
  const counts = names.map((name, index) => [`${name}.onnx`, index === 0 ? dataFiles.size : 0])
  const texts = {
    ...configFiles(shape, weights, vocabulary, Object.fromEntries(counts)),
    ...tokenizerFiles(file.metadata, vocabulary, shape.contextLength, note),
  }
  const parts = { shape, weights, placed, properties: propertiesOf(file.metadata, source) }
  const files = new Map<string, string | Uint8Array>()
  for (const [name, value] of Object.entries(texts)) {
    files.set(name, `${JSON.stringify(value, null, 2)}\n`)
  }
  for (const [name, variant] of Object.entries(graphs)) {
    files.set(`onnx/${name}.onnx`, encodeModel(decoderGraph(parts, variant)))
  }
  const summary =
    `${shape.architecture.modelType} with ${shape.layers} layers of ${shape.hidden}, ` +
    `${vocabulary.tokens.length} tokens, a context of ${shape.contextLength}`
  return { placed, files, dataFiles, summary, notes }
}

/** @returns the size of all files */
async function writeFolder(
  file: GgufFile,
  folder: string,
  { files, placed, dataFiles }: Plan,
  { signal, progress = () => undefined }: ConvertOptions,
): Promise<number> {
  const onnx = join(folder, 'onnx')
  await mkdir(onnx, { recursive: true })
  let bytes = 0
  for (const [name, contents] of files) {
    await writeFile(join(folder, name), contents)
    bytes += Buffer.byteLength(contents)
  }
  await writeMatrices(file, placed, onnx, { signal, progress })
  for (const name of dataFiles) bytes += (await stat(join(onnx, name))).size
  return bytes
}

/** What the graphs say about where they come from. */
function propertiesOf(metadata: Metadata, source: string): Record<string, string> {
  const texts = {
    source: basename(source),
    name: metadata.text('general.name'),
    organization: metadata.text('general.organization'),
    license: metadata.text('general.license'),
  }
  const known = Object.entries(texts).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  return Object.fromEntries(known)
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}
