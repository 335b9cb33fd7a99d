/** What the inputs and outputs of a graph are called; `%d` stands for the number of a layer. */
export interface GraphNames {
  readonly ids: string
  readonly mask: string
  readonly positions: string
  readonly logits: string
  /** Where a cache tensor goes in and where it comes out again. */
  readonly caches: readonly { readonly past: string; readonly present: string }[]
}

/** The names that exports of optimum and for transformers.js have. */
export const OPTIMUM_NAMES: GraphNames = {
  ids: 'input_ids',
  mask: 'attention_mask',
  positions: 'position_ids',
  logits: 'logits',
  caches: ['key', 'value'].map((part) => ({
    past: `past_key_values.%d.${part}`,
    present: `present.%d.${part}`,
  })),
}

/** The output that a cache input comes back from, or null when `past` is no cache input. */
export function presentOf(past: string, { caches }: GraphNames): string | null {
  for (const pattern of caches) {
    const [before = '', after = ''] = pattern.past.split('%d')
    const layer = past.slice(before.length, past.length - after.length)
    if (/^\d+$/u.test(layer) && past === before + layer + after) {
      return pattern.present.replace('%d', layer)
    }
  }
  return null
}
