import type { TinyLlama } from './tiny-llama.ts'

type Row = readonly number[]

/**
 * The logits after every one of `ids`, in double precision and by plain loops over the weights as
 * the file orders them: for llama the two numbers of a head that are rotated together lie side by
 * side, for qwen2 half a head apart.
 */
export function referenceLogits(
  { shape, weights }: TinyLlama,
  ids: readonly number[],
  factors?: readonly number[],
): Row[] {
  const { hidden, heads, keyValueHeads, epsilon, base, architecture } = shape
  const width = hidden / heads
  const tensor = (name: string) => {
    const found = weights.get(name)
    if (!found) throw new Error(`no ${name}`)
    return found
  }
  const times = (name: string, input: Row): Row => {
    const numbers = tensor(`${name}.weight`)
    const bias = weights.get(`${name}.bias`)
    return Array.from({ length: numbers.length / input.length }, (_, row) =>
      input.reduce(
        (sum, x, at) => sum + x * (numbers[row * input.length + at] ?? NaN),
        bias?.[row] ?? 0,
      ),
    )
  }
  const norm = (name: string, input: Row): Row => {
    const root = Math.sqrt(input.reduce((sum, x) => sum + x * x, 0) / input.length + epsilon)
    return input.map((x, at) => (x / root) * (tensor(name)[at] ?? NaN))
  }
  const rotated = (head: Row, position: number): Row => {
    const out = [...head]
    for (let i = 0; i < width / 2; i++) {
      const angle = (position * base ** ((-2 * i) / width)) / (factors?.[i] ?? 1)
      const [first, second] = architecture === 'llama' ? [2 * i, 2 * i + 1] : [i, i + width / 2]
      const [x, y] = [head[first] ?? NaN, head[second] ?? NaN]
      out[first] = x * Math.cos(angle) - y * Math.sin(angle)
      out[second] = x * Math.sin(angle) + y * Math.cos(angle)
    }
    return out
  }
  const headsOf = (row: Row, count: number): Row[] =>
    Array.from({ length: count }, (_, head) => row.slice(head * width, (head + 1) * width))
  const plus = (left: Row, right: Row): Row => left.map((x, at) => x + (right[at] ?? NaN))
  const dot = (left: Row, right: Row): number =>
    left.reduce((sum, x, at) => sum + x * (right[at] ?? NaN), 0)

  const embedding = tensor('token_embd.weight')
  let rows: Row[] = ids.map((id) => [...embedding.subarray(id * hidden, (id + 1) * hidden)])
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string) => `blk.${layer}.${part}`
    const normed = rows.map((row) => norm(name('attn_norm.weight'), row))
    const keys = normed.map((row, position) =>
      headsOf(times(name('attn_k'), row), keyValueHeads).map((head) => rotated(head, position)),
    )
    const values = normed.map((row) => headsOf(times(name('attn_v'), row), keyValueHeads))
    rows = rows.map((row, position) => {
      const queries = headsOf(times(name('attn_q'), normed[position] ?? []), heads)
      const attended = queries.flatMap((query, head) => {
        const shared = Math.floor(head / (heads / keyValueHeads))
        const turned = rotated(query, position)
        const scores = keys
          .slice(0, position + 1)
          .map((key) => Math.exp(dot(turned, key[shared] ?? []) / Math.sqrt(width)))
        const total = scores.reduce((sum, score) => sum + score, 0)
        return Array.from({ length: width }, (_, at) =>
          scores.reduce(
            (sum, score, j) => sum + (score / total) * (values[j]?.[shared]?.[at] ?? NaN),
            0,
          ),
        )
      })
      return plus(row, times(name('attn_output'), attended))
    })
    rows = rows.map((row) => {
      const input = norm(name('ffn_norm.weight'), row)
      const up = times(name('ffn_up'), input)
      const gated = times(name('ffn_gate'), input).map(
        (x, at) => (x / (1 + Math.exp(-x))) * (up[at] ?? NaN),
      )
      return plus(row, times(name('ffn_down'), gated))
    })
  }
  const head = weights.has('output.weight') ? 'output' : 'token_embd'
  return rows.map((row) => times(head, norm('output_norm.weight', row)))
}
