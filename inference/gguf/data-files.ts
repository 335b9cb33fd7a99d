import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { bytesOf } from '../onnx-writer/graph-builder.ts'
import type { OnnxTensor } from '../onnx-writer/onnx-model.ts'
import { ConversionError } from './conversion-error.ts'
import type { GgufFile } from './gguf-file.ts'
import { BLOCK, CODE_BYTES, packBlocks } from './pack-blocks.ts'
import { unpairRows } from './unpair-rows.ts'
import type { Matrix } from './weights.ts'

/** Where the parts of one matrix lie. */
export interface PlacedMatrix {
  readonly matrix: Matrix
  readonly codes: PlacedTensor
  readonly scales: PlacedTensor
  /** Only with minima. */
  readonly minima: PlacedTensor | null
}

/** A constant of the graph whose bytes lie in a file beside it. */
export interface PlacedTensor extends OnnxTensor {
  readonly data: { readonly file: string; readonly offset: number; readonly bytes: number }
}

/** Tensors begin at pages, so that the runtime can map them. */
const PAGE_BYTES = 4096
/** What is read in one go; the largest row of a file is a few times that at most. */
const PIECE_BYTES = 1024 * 1024

/** Gives every tensor its place, in order; a file that would become larger than `maxBytes` is followed by another. */
export function placeMatrices(
  matrices: readonly Matrix[],
  stem: string,
  maxBytes: number,
): PlacedMatrix[] {
  let number = 0
  let end = 0
  const place = (
    name: string,
    type: 'uint8' | 'float16',
    dims: readonly number[],
  ): PlacedTensor => {
    const bytes = dims.reduce((product, dim) => product * dim, type === 'uint8' ? 1 : 2)
    let offset = Math.ceil(end / PAGE_BYTES) * PAGE_BYTES
    if (offset > 0 && offset + bytes > maxBytes) {
      number += 1
      offset = 0
    }
    end = offset + bytes
    const file = number === 0 ? stem : `${stem}_${number}`
    return { name, type, dims, data: { file, offset, bytes } }
  }
  return matrices.map((matrix) => {
    const { name, rows, width, packing } = matrix
    const blocks = width / BLOCK
    return {
      matrix,
      codes: place(`${name}.q`, 'uint8', [rows, blocks, CODE_BYTES[packing]]),
      scales: place(`${name}.d`, 'float16', [rows, blocks]),
      minima: packing === 'min4' ? place(`${name}.m`, 'float16', [rows, blocks]) : null,
    }
  })
}

/**
 * Packs all matrices into their files in `folder`, a megabyte at a time. Throws a ConversionError
 * for numbers that cannot be packed, and the signal's reason.
 */
export async function writeMatrices(
  file: GgufFile,
  placed: readonly PlacedMatrix[],
  folder: string,
  watch: { readonly signal?: AbortSignal | undefined; readonly progress: (part: number) => void },
): Promise<void> {
  const files = new Map<string, FileHandle>()
  const all = placed.reduce((sum, { matrix }) => sum + matrix.rows * matrix.width, 0)
  let done = 0
  async function write(tensor: PlacedTensor, numbers: ArrayBufferView, at: number): Promise<void> {
    const { file: name, offset } = tensor.data
    let handle = files.get(name)
    if (!handle) files.set(name, (handle = await open(join(folder, name), 'wx')))
    await writeFully(handle, bytesOf(numbers), offset + at)
  }
  try {
    for (const { matrix, codes, scales, minima } of placed) {
      let block = 0
      for await (const { bytes, type, name } of pieces(file, matrix)) {
        watch.signal?.throwIfAborted()
        const packed = explained(name, () => packBlocks(type, matrix.packing, bytes))
        await write(codes, packed.codes, block * CODE_BYTES[matrix.packing])
        await write(scales, packed.scales, block * 2)
        if (minima && packed.minima) await write(minima, packed.minima, block * 2)
        block += packed.scales.length
        done += packed.scales.length * BLOCK
        watch.progress(done / all)
      }
    }
  } finally {
    await Promise.all([...files.values()].map((handle) => handle.close()))
  }
}

/** The rows of a matrix as they are stored, in the order of the graph. */
async function* pieces(file: GgufFile, { parts }: Matrix) {
  for (const { tensor, headRows } of parts) {
    const { rowBytes, rows, type, name } = tensor
    const step = Math.max(1, Math.floor(PIECE_BYTES / (rowBytes * headRows))) * headRows
    for (let first = 0; first < rows; first += step) {
      const bytes = await file.rows(tensor, first, Math.min(step, rows - first))
      yield { bytes: unpairRows(bytes, rowBytes, headRows), type, name }
    }
  }
}

async function writeFully(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await file.write(bytes, done, bytes.length - done, at + done)).bytesWritten
  }
}

function explained<Value>(name: string, make: () => Value): Value {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error
    throw new ConversionError(`the tensor ${name} cannot be packed: ${error.message}`)
  }
}
