import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Matrix } from '../leaderboard/matrix.ts'

/** Who was met, how often, and with what share of wins. */
export type Opponent = {
  readonly model: ModelRef
  readonly share: number
  readonly verdicts: number
}

/** With fewer verdicts a share says next to nothing. */
const FEWEST = 5

/** The opponents of a model, those it beats most often first; equals by how often they were met. */
export function opponentsOf(matrix: Matrix, slug: string): Opponent[] {
  return matrix.models
    .flatMap((model) => {
      const meeting = model.slug === slug ? null : matrix.of(slug, model.slug)
      if (meeting === null || meeting.observed === null || meeting.verdicts < FEWEST) return []
      return [{ model, share: meeting.observed, verdicts: meeting.verdicts }]
    })
    .sort((a, b) => b.share - a.share || b.verdicts - a.verdicts)
}
