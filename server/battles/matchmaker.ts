import type { Entrant } from '../models/entrants.ts'

/** Two different models, drawn but not yet seated. */
export type Pair = {
  readonly first: Entrant
  readonly second: Entrant
  /** With which probability this unordered pair is drawn. */
  readonly probability: number
}

/**
 * Draws two different models with probability proportional to the product of their weights: with
 * equal weights, uniformly over all pairs.
 *
 * @param random uniform numbers in [0, 1)
 * @returns undefined if there are fewer than two with a weight
 */
export function drawPair(entrants: readonly Entrant[], random: () => number): Pair | undefined {
  const drawable = entrants.filter(({ weight }) => weight > 0)
  const total = sum(drawable.map(({ weight }) => weight))
  // Choosing the first with weight w(W - w) and the second with w among the rest makes every
  // unordered pair as likely as its product of weights.
  const first = pick(drawable, ({ weight }) => weight * (total - weight), random)
  if (first === undefined || drawable.length < 2) return undefined
  const rest = drawable.filter((entrant) => entrant !== first)
  const second = pick(rest, ({ weight }) => weight, random)
  if (second === undefined) return undefined
  return { first, second, probability: pairProbability(drawable, first, second) }
}

/**
 * Draws an opponent for a side that stays, when the other one is replaced.
 *
 * @returns with the probability that {@link drawPair} gives the new pair
 */
export function drawReplacement(
  entrants: readonly Entrant[],
  staying: Entrant,
  excluded: readonly string[],
  random: () => number,
): { entrant: Entrant; probability: number } | undefined {
  const candidates = entrants.filter(
    ({ slug, weight }) => weight > 0 && slug !== staying.slug && !excluded.includes(slug),
  )
  const entrant = pick(candidates, ({ weight }) => weight, random)
  if (entrant === undefined) return undefined
  const others = entrants.filter(({ slug, weight }) => weight > 0 && slug !== staying.slug)
  return { entrant, probability: pairProbability([...others, staying], staying, entrant) }
}

function pairProbability(drawable: readonly Entrant[], one: Entrant, other: Entrant): number {
  const total = sum(drawable.map(({ weight }) => weight))
  const orderedPairs = sum(drawable.map(({ weight }) => weight * (total - weight)))
  return (2 * one.weight * other.weight) / orderedPairs
}

function pick<T>(
  items: readonly T[],
  weightOf: (item: T) => number,
  random: () => number,
): T | undefined {
  const positive = items.filter((item) => weightOf(item) > 0)
  let left = random() * sum(positive.map(weightOf))
  for (const item of positive) {
    left -= weightOf(item)
    if (left < 0) return item
  }
  return positive.at(-1)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
