/**
 * Query and key rows of Llama files lie in pairs: the two numbers that are rotated together follow
 * each other. The graph rotates number i with i + half of the head, the order of the original
 * weights, so rows 2i and 2i + 1 of every head go to i and half + i. Whole rows move, so that blocks
 * of quantised numbers stay what they are.
 */
export function unpairRows(bytes: Buffer, rowBytes: number, headRows: number): Buffer {
  if (headRows === 1) return bytes
  const out = Buffer.allocUnsafe(bytes.length)
  const rows = bytes.length / rowBytes
  for (let row = 0; row < rows; row++) {
    bytes.copy(out, targetRow(row, headRows) * rowBytes, row * rowBytes, (row + 1) * rowBytes)
  }
  return out
}

/** The same for numbers of which each belongs to a row. */
export function unpaired(values: Float32Array, headRows: number): Float32Array {
  if (headRows === 1) return values
  const out = new Float32Array(values.length)
  for (const [row, value] of values.entries()) out[targetRow(row, headRows)] = value
  return out
}

function targetRow(row: number, headRows: number): number {
  const inHead = row % headRows
  return row - inHead + (inHead % 2) * (headRows / 2) + (inHead >> 1)
}
