import { connectivity } from './components.ts'
import { votesToFlipLeader } from './influence.ts'
import { ELO_PER_LOGIT, Z_95 } from './numbers.ts'
import { pairOutcomes } from './pair-counts.ts'
import { fitPosition } from './position.ts'
import { OVERALL } from './rate-options.ts'
import type { LeaderEffect, PositionEffect, RatedBoard, StyleEffect } from './rated-board.ts'
import type { Slice } from './rated-slice.ts'
import { numbersWithin, type Solution } from './solution.ts'
import { STYLE_FEATURES } from './style-features.ts'

/**
 * What is told beside the strengths: each is null where it was not asked for (boards without
 * intervals have none of them) or cannot be fitted.
 */
export function effectsOf(
  slice: Slice,
  solution: Solution,
): Pick<RatedBoard, 'style' | 'position' | 'leader'> {
  if (slice.intervals === 'none' || solution.theta === null) {
    return { style: null, position: null, leader: null }
  }
  return {
    style: styleEffects(solution),
    position: slice.options.dimension === OVERALL ? null : positionEffect(slice, solution),
    leader: slice.options.leader === true ? leaderEffect(slice, solution) : null,
  }
}

function styleEffects({ style }: Solution): StyleEffect[] | null {
  if (style === null) return null
  return STYLE_FEATURES.map((feature, k) => ({ feature, ...effect(style, k + 1) }))
}

/** The one of the style fit where there is one; otherwise from the counts, votes independent. */
function positionEffect(slice: Slice, { style }: Solution): PositionEffect | null {
  if (style !== null) return Number.isNaN(style.coefficients[0]) ? null : effect(style, 0)
  const { parts, counts, ties } = slice
  const [part] = parts
  if (part === undefined) return null
  const { rated } = connectivity(part.scores)
  const { indexOf } = numbersWithin(slice, rated)
  const fit = fitPosition(counts.pairs[part.dimension]!, indexOf, rated.length, ties)
  if (fit === undefined) return null
  const { coefficient, se } = fit
  return { coefficient, se, ciLow: coefficient - Z_95 * se, ciHigh: coefficient + Z_95 * se }
}

function effect(
  { coefficients, errors, halfWidths }: NonNullable<Solution['style']>,
  k: number,
): PositionEffect {
  const coefficient = coefficients[k]!
  const half = halfWidths?.[k] ?? Number.NaN
  return {
    coefficient,
    se: errors?.[k] ?? Number.NaN,
    ciLow: coefficient - half,
    ciHigh: coefficient + half,
  }
}

/** Of boards of whole votes without prior and style: the others are not functions of counts alone. */
function leaderEffect(slice: Slice, { rated, theta, nu }: Solution): LeaderEffect | null {
  const { models, parts, counts, options, ties } = slice
  const weighted = parts.some(({ outcomes }) => outcomes.weights !== outcomes.votes)
  if (theta === null || nu !== null || weighted) return null
  if (options.prior !== undefined || options.style === true) return null
  const { indexOf } = numbersWithin(slice, rated)
  const flip = votesToFlipLeader(
    parts.map(({ dimension, weight }) => ({
      ...pairOutcomes(counts.pairs[dimension]!, indexOf, rated.length),
      weight,
    })),
    ties,
    theta,
  )
  if (flip === null) return null
  return {
    leader: models[rated[flip.leader]!]!,
    runnerUp: models[rated[flip.challenger]!]!,
    gap: (theta[flip.leader]! - theta[flip.challenger]!) * ELO_PER_LOGIT,
    votesToFlip: flip.votes,
    share: flip.share,
  }
}
