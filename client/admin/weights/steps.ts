/** Weights that the slider stops at: fine where models usually are, coarse where few ever go. */
const STEPS = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20,
  30, 50, 75, 100, 200, 500, 1000,
] as const

export const MAX_WEIGHT = 1000
/** The last stop's number. */
export const LAST_STEP = STEPS.length - 1

/** The stop nearest to a weight. */
export function stepOf(weight: number): number {
  let nearest = 0
  for (const [index, step] of STEPS.entries()) {
    if (Math.abs(step - weight) < Math.abs((STEPS[nearest] ?? 0) - weight)) nearest = index
  }
  return nearest
}

export const weightAt = (step: number): number => STEPS[step] ?? 1

/** What somebody typed, as a weight; null where it is none. */
export function parseWeight(text: string): number | null {
  const weight = text.trim() === '' ? Number.NaN : Number(text.trim().replace(',', '.'))
  return weight >= 0 && weight <= MAX_WEIGHT ? weight : null
}
