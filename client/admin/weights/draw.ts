import type { DrawPreview } from '../../../shared/schemas/admin.ts'
import type { AdminModel } from '../../../shared/schemas/model.ts'

/** What is wanted of a model, as far as it is not what it has. */
export type Wanted = { readonly weight?: number; readonly enabled?: boolean }
/** By slug. */
export type Edits = Readonly<Record<string, Wanted>>

type Weighed = Pick<AdminModel, 'slug' | 'name' | 'weight' | 'enabled' | 'status'>

/** A change that is to be written, and what it takes back. */
export type WeightChange = {
  readonly slug: string
  readonly name: string
  readonly to: Wanted
  readonly from: Wanted
}

/** What saving would write: only fields that differ from what is stored. */
export function changesOf(models: readonly Weighed[], edits: Edits): WeightChange[] {
  return models.flatMap(({ slug, name, weight, enabled }) => {
    const { weight: newWeight = weight, enabled: newEnabled = enabled } = edits[slug] ?? {}
    const heavier = newWeight !== weight
    const switched = newEnabled !== enabled
    if (!heavier && !switched) return []
    return [
      {
        slug,
        name,
        to: { ...(heavier && { weight: newWeight }), ...(switched && { enabled: newEnabled }) },
        from: { ...(heavier && { weight }), ...(switched && { enabled }) },
      },
    ]
  })
}

/**
 * What to ask the arena for the draw after the edits. It names every weight, and whoever is off: so
 * that equal questions mean equal draws, whatever is saved meanwhile.
 *
 * @param allWell as if nobody were failing, limited or cooling: whoever is enabled is in the draw
 */
export function drawRequest(
  models: readonly Weighed[],
  edits: Edits,
  allWell: boolean,
): { weights: Record<string, number>; enabled: Record<string, boolean> } {
  const weights: Record<string, number> = {}
  const enabled: Record<string, boolean> = {}
  for (const { slug, status, ...stored } of models) {
    const { weight = stored.weight, enabled: on = stored.enabled } = edits[slug] ?? {}
    weights[slug] = weight
    // A model that had no weight is out of the draw for that alone: with one it is in.
    const weighsNow = status === 'unweighted' && weight > 0
    if (!on) enabled[slug] = false
    else if (allWell || weighsNow || !stored.enabled) enabled[slug] = true
  }
  return { weights, enabled }
}

/** The share of battles that each model takes part in; none for whoever is not in the draw. */
export function sharesOf(preview: DrawPreview): (slug: string) => number {
  const shares = new Map(preview.models.map(({ slug, share }) => [slug, share]))
  return (slug) => shares.get(slug) ?? 0
}

/** How often two models meet, in either order; undefined where one of them is not drawn. */
export function pairsOf(preview: DrawPreview): (a: string, b: string) => number | undefined {
  const pairs = new Map(preview.pairs.map(({ a, b, probability }) => [`${a}\n${b}`, probability]))
  return (a, b) => pairs.get(`${a}\n${b}`) ?? pairs.get(`${b}\n${a}`)
}

type Pair = DrawPreview['pairs'][number]

/** Who can be drawn at all. */
export function drawnModels({ models }: DrawPreview): readonly DrawPreview['models'][number][] {
  return models.filter(({ share }) => share > 0)
}

/** The pairs that can be drawn at all. */
export function drawnPairs({ pairs }: DrawPreview): readonly Pair[] {
  return pairs.filter(({ probability }) => probability > 0)
}

/** The pairs at both ends; all of them as the frequent ones where there are few. */
export function extremesOf(
  pairs: readonly Pair[],
  each: number,
): { most: readonly Pair[]; least: readonly Pair[] } {
  const sorted = pairs.toSorted((p, q) => q.probability - p.probability)
  if (sorted.length <= 2 * each) return { most: sorted, least: [] }
  return { most: sorted.slice(0, each), least: sorted.slice(-each).toReversed() }
}

/** Steps of the colours to either side of an even draw. */
const HEAT_STEPS = 5
/** From here on, eight times as often as evenly or as seldom, everything looks the same. */
const REACH_OCTAVES = 3

/** How a pair's probability stands to that of an even draw: from −5 (seldom) over 0 to 5 (often). */
export function heatOf(probability: number, pairs: number): number {
  const octaves = Math.log2(probability * pairs)
  const step = Math.round((octaves / REACH_OCTAVES) * HEAT_STEPS)
  // No negative zero, which would be another colour's name.
  return Math.max(-HEAT_STEPS, Math.min(HEAT_STEPS, step)) || 0
}
