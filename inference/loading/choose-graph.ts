/** A graph to run: its path inside the model's folder and the precision that its name tells. */
export interface GraphChoice {
  readonly file: string
  readonly precision: string
}

/** File name suffixes of transformers.js, in the order that a CPU answers fastest and with least memory. */
const CPU_ORDER: readonly (readonly [precision: string, suffix: string])[] = [
  ['q4', '_q4'],
  ['int8', '_int8'],
  ['q8', '_quantized'],
  ['uint8', '_uint8'],
  ['fp32', ''],
  ['fp16', '_fp16'],
  ['q4f16', '_q4f16'],
  ['bnb4', '_bnb4'],
]
/** What CUDA computes attention in is halves; 4 bits of weights are read in half the time of 16. */
const CUDA_PRECISIONS = ['q4f16', 'fp16']
const STEMS = ['onnx/model', 'onnx/decoder_model_merged', 'model', 'decoder_model_merged']

/** What a graph is to be computed on. */
export type GraphDevice = 'cpu' | 'cuda'

/** What decides between the graphs of a folder; the first that names an existing file wins. */
export interface GraphWishes {
  /** A file name without `.onnx`, from whoever loads. */
  readonly graph?: string | undefined
  /** `transformers.js_config.dtype` of config.json. */
  readonly dtype?: string | Readonly<Record<string, unknown>> | null | undefined
  /** `model.decoder.filename` of genai_config.json. */
  readonly genaiFile?: string | null | undefined
  /** The CPU when it is left out. */
  readonly device?: GraphDevice | undefined
}

/**
 * Chooses among a folder's graphs for a device. `exists` says whether the folder has a file.
 * Returns null when there is none that could be run.
 */
export async function chooseGraph(
  wishes: GraphWishes,
  exists: (file: string) => Promise<boolean>,
): Promise<GraphChoice | null> {
  for (const choice of candidates(wishes)) {
    if (await exists(choice.file)) return choice
  }
  return null
}

function candidates({ graph, dtype, genaiFile, device }: GraphWishes): GraphChoice[] {
  if (graph !== undefined) {
    return ['onnx/', ''].map((folder) => ({
      file: `${folder}${graph}.onnx`,
      precision: precisionOf(graph),
    }))
  }
  const wished = typeof dtype === 'string' ? dtype : dtype?.['model']
  const known =
    device === 'cuda'
      ? CUDA_PRECISIONS.flatMap((name) => CPU_ORDER.filter(([precision]) => precision === name))
      : CPU_ORDER
  const order = known.toSorted(
    ([left], [right]) => Number(right === wished) - Number(left === wished),
  )
  const named = genaiFile ? [{ file: genaiFile, precision: precisionOf(genaiFile) }] : []
  return [
    ...named,
    ...order.flatMap(([precision, suffix]) =>
      STEMS.map((stem) => ({ file: `${stem}${suffix}.onnx`, precision })),
    ),
  ]
}

function precisionOf(name: string): string {
  const stem = name.replace(/\.onnx$/u, '')
  const known = CPU_ORDER.find(([, suffix]) => suffix !== '' && stem.endsWith(suffix))
  if (known) return known[0]
  // Names of a maker's own, such as model_q4_exact, say it best themselves.
  return /_([a-z0-9_]+)$/u.exec(stem)?.[1] ?? 'fp32'
}
