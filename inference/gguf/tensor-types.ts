/** How a tensor's numbers are stored: blocks of `elements` numbers in `bytes` bytes. */
export interface TensorType {
  readonly name: TensorTypeName
  readonly elements: number
  readonly bytes: number
}

export type TensorTypeName = (typeof TYPES)[number][1]

/** Number in the file, name, numbers in a block, bytes of a block. Those that are read here. */
const TYPES = [
  [0, 'F32', 1, 4],
  [1, 'F16', 1, 2],
  [2, 'Q4_0', 32, 18],
  [3, 'Q4_1', 32, 20],
  [6, 'Q5_0', 32, 22],
  [7, 'Q5_1', 32, 24],
  [8, 'Q8_0', 32, 34],
  [12, 'Q4_K', 256, 144],
  [13, 'Q5_K', 256, 176],
  [14, 'Q6_K', 256, 210],
  [30, 'BF16', 1, 2],
] as const

/** Types that exist and are not read, to be called by their names. */
const OTHERS: Readonly<Record<number, string>> = {
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
}

const BY_ID: ReadonlyMap<number, TensorType> = new Map(
  TYPES.map(([id, name, elements, bytes]) => [id, { name, elements, bytes }]),
)

/** The type with this number, or the words for why it cannot be read. */
export function tensorType(id: number): TensorType | string {
  const type = BY_ID.get(id)
  if (type) return type
  const names = TYPES.map(([, name]) => name).join(', ')
  return `${OTHERS[id] ?? `type ${id}`}, which is none of those that can be converted (${names})`
}
