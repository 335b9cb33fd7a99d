/** A box to draw in, in units of the drawing. */
export type Box = { readonly width: number; readonly height: number }

const round = (value: number) => Math.round(value * 100) / 100

/**
 * Bars as one path, from the bottom up: what happened hour by hour.
 *
 * @param values of each bar, and where it begins (what lies below it)
 * @param top what the full height stands for
 */
export function barsPath(
  values: readonly number[],
  below: readonly number[],
  top: number,
  { width, height }: Box,
): string {
  if (top <= 0 || values.length === 0) return ''
  const step = width / values.length
  const bar = step * 0.78
  return values
    .map((value, i) => {
      if (value <= 0) return ''
      // What happened at all can be seen: a bar is never thinner than a pixel.
      const tall = Math.max(1, (value / top) * height)
      const base = height - ((below[i] ?? 0) / top) * height
      return `M${round(i * step)} ${round(base)}h${round(bar)}v${round(-tall)}h${round(-bar)}z`
    })
    .join('')
}

/** A line as one path; where there is no value it is interrupted, and a lone value is a dot. */
export function linePath(
  values: readonly (number | null)[],
  top: number,
  { width, height }: Box,
): string {
  if (top <= 0 || values.length === 0) return ''
  const step = width / values.length
  return values
    .map((value, i) => {
      if (value === null) return ''
      const x = round((i + 0.5) * step)
      const y = round(height - (Math.min(value, top) / top) * (height - 2) - 1)
      const before = values[i - 1] ?? null
      const after = values[i + 1] ?? null
      if (before === null) return after === null ? `M${x} ${y}h0.01` : `M${x} ${y}`
      return `L${x} ${y}`
    })
    .join('')
}
