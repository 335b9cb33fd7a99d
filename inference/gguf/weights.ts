import { ConversionError } from './conversion-error.ts'
import { dequantise } from './dequantise.ts'
import type { GgufFile } from './gguf-file.ts'
import type { LlamaShape } from './llama-shape.ts'
import { shown } from './metadata.ts'
import { type Packing, keepsCodes, packingOf } from './pack-blocks.ts'
import type { TensorInfo } from './tensor-table.ts'
import { unpaired } from './unpair-rows.ts'

/** Numbers that stand in the graph itself: norms and biases. */
export interface Vector {
  readonly name: string
  readonly values: Float32Array
}

/** Rows that come from one tensor. */
export interface MatrixPart {
  readonly tensor: TensorInfo
  /** Rows of a head, where these lie in pairs and are to be put back; 1 where they stay. */
  readonly headRows: number
}

/** One linear map of the graph, of one tensor or of several under each other. */
export interface Matrix {
  readonly name: string
  readonly packing: Packing
  readonly rows: number
  readonly width: number
  readonly parts: readonly MatrixPart[]
  readonly bias: Vector | null
}

export interface Layer {
  readonly attentionNorm: Vector
  /** Query, key and value: in one matrix, or three where they are not packed alike. */
  readonly queryKeyValue: readonly Matrix[]
  readonly output: Matrix
  readonly feedForwardNorm: Vector
  /** Gate and up: in one matrix, or two. */
  readonly gateUp: readonly Matrix[]
  readonly down: Matrix
}

/** All weights of a decoder; those of matrices stay in the file. */
export interface Weights {
  readonly vocabularySize: number
  readonly embedding: Matrix
  readonly layers: readonly Layer[]
  readonly finalNorm: Vector
  /** Null where the embedding serves for the logits too. */
  readonly logits: Matrix | null
}

/** Tensors that carry nothing that the graph needs besides. */
const READ_ELSEWHERE = ['rope_freqs.weight']

/**
 * Finds all tensors of a decoder and checks their sizes against its shape. Throws a ConversionError
 * that names the tensor that is missing, of another size or of no known use; `note` is told what
 * will be quantised anew.
 */
export async function findWeights(
  file: GgufFile,
  shape: LlamaShape,
  note: (text: string) => void,
): Promise<Weights> {
  const used = new Set(READ_ELSEWHERE)
  const anew = new Map<string, number>()

  function find(name: string): TensorInfo | undefined {
    used.add(name)
    return file.tensors.get(name)
  }

  function needed(name: string, rows: number | null, width: number): TensorInfo {
    const tensor = find(name)
    if (!tensor) throw new ConversionError(`the tensor ${name} is missing`)
    if (tensor.width === width && (rows === null || tensor.rows === rows)) return tensor
    throw new ConversionError(
      `the tensor ${name} has ${tensor.rows} rows of ${tensor.width}, not ${rows ?? 'some'} of ${width}`,
    )
  }

  async function vector(name: string, tensor: TensorInfo): Promise<Vector> {
    if (tensor.type.elements !== 1) {
      throw new ConversionError(
        `the tensor ${tensor.name} is stored as ${tensor.type.name}, not as floats`,
      )
    }
    const values = dequantise(tensor.type, await file.rows(tensor, 0, 1))
    if (values.every(Number.isFinite)) return { name, values }
    throw new ConversionError(`the tensor ${tensor.name} has numbers that are not finite`)
  }

  function matrix(name: string, parts: readonly MatrixPart[], packing?: Packing): Matrix {
    const [first] = parts
    if (!first) throw new RangeError('a matrix has parts')
    const chosen = packing ?? packingOf(first.tensor.type)
    for (const { tensor } of parts) {
      const { type } = tensor
      if (!keepsCodes(type, chosen)) anew.set(type.name, (anew.get(type.name) ?? 0) + 1)
    }
    const rows = parts.reduce((sum, { tensor }) => sum + tensor.rows, 0)
    return { name, packing: chosen, rows, width: first.tensor.width, parts, bias: null }
  }

  /** Puts parts under each other where they are packed alike; `names`: the whole's, then each one's. */
  async function stacked(
    [whole, ...names]: readonly [string, ...string[]],
    parts: readonly MatrixPart[],
    biases: readonly (TensorInfo | undefined)[] = [],
  ): Promise<Matrix[]> {
    const values = await Promise.all(
      parts.map(async ({ tensor, headRows }, index) => {
        const bias = biases[index]
        if (!bias) return new Float32Array(tensor.rows)
        return unpaired((await vector(bias.name, bias)).values, headRows)
      }),
    )
    const alike = new Set(parts.map(({ tensor }) => packingOf(tensor.type))).size === 1
    const made = alike
      ? [matrix(whole, parts)]
      : parts.map((part, index) => matrix(names[index] ?? whole, [part]))
    if (biases.every((bias) => bias === undefined)) return made
    return made.map((each, index) => {
      const own = alike ? values.flatMap((list) => [...list]) : (values[index] ?? [])
      return { ...each, bias: { name: `${each.name}.bias`, values: Float32Array.from(own) } }
    })
  }

  async function layer(index: number): Promise<Layer> {
    const { hidden, feedForward, heads, keyValueHeads, headWidth } = shape
    const name = (part: string) => `layers.${index}.${part}`
    const source = (part: string) => `blk.${index}.${part}`
    const headRows = shape.architecture.pairedRows ? headWidth : 1
    const rowsOf = {
      q: heads * headWidth,
      k: keyValueHeads * headWidth,
      v: keyValueHeads * headWidth,
    }
    const kinds = ['q', 'k', 'v'] as const
    const attention = kinds.map((kind) => ({
      tensor: needed(source(`attn_${kind}.weight`), rowsOf[kind], hidden),
      headRows: kind === 'v' ? 1 : headRows,
    }))
    const biases = kinds.map((kind) => {
      const bias = source(`attn_${kind}.bias`)
      used.add(bias)
      return file.tensors.has(bias) ? needed(bias, 1, rowsOf[kind]) : undefined
    })
    const plain = (part: string, rows: number, width: number): MatrixPart => ({
      tensor: needed(source(`${part}.weight`), rows, width),
      headRows: 1,
    })
    return {
      attentionNorm: await vector(
        name('attn_norm.weight'),
        needed(source('attn_norm.weight'), 1, hidden),
      ),
      queryKeyValue: await stacked(
        [name('qkv'), ...kinds.map((kind) => name(kind))],
        attention,
        biases,
      ),
      output: matrix(name('o'), [plain('attn_output', hidden, heads * headWidth)]),
      feedForwardNorm: await vector(
        name('ffn_norm.weight'),
        needed(source('ffn_norm.weight'), 1, hidden),
      ),
      gateUp: await stacked(
        [name('gate_up'), name('gate_proj'), name('up_proj')],
        [plain('ffn_gate', feedForward, hidden), plain('ffn_up', feedForward, hidden)],
      ),
      down: matrix(name('down'), [plain('ffn_down', hidden, feedForward)]),
    }
  }

  const table = needed('token_embd.weight', null, shape.hidden)
  const layers: Layer[] = []
  for (let index = 0; index < shape.layers; index++) layers.push(await layer(index))
  const head = find('output.weight') && needed('output.weight', table.rows, shape.hidden)
  const weights: Weights = {
    vocabularySize: table.rows,
    // The operator that looks rows up has no minima.
    embedding: matrix('embed', [{ tensor: table, headRows: 1 }], 'sym8'),
    layers,
    finalNorm: await vector('final_norm.weight', needed('output_norm.weight', 1, shape.hidden)),
    logits: head ? matrix('head', [{ tensor: head, headRows: 1 }]) : null,
  }
  const unknown = [...file.tensors.keys()].find((name) => !used.has(name))
  if (unknown !== undefined) {
    throw new ConversionError(`the tensor ${shown(unknown)} has no place in this architecture`)
  }
  for (const [type, count] of anew) {
    note(`${count} ${count === 1 ? 'tensor' : 'tensors'} of ${type} quantised anew to 8 bits`)
  }
  return weights
}

/** Every matrix in the order in which a pass over the model uses them. */
export function matricesOf({ embedding, layers, logits }: Weights): Matrix[] {
  return [
    embedding,
    ...layers.flatMap(({ queryKeyValue, output, gateUp, down }) => [
      ...queryKeyValue,
      output,
      ...gateUp,
      down,
    ]),
    ...(logits ? [logits] : []),
  ]
}
