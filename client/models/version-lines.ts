import type { BoardDimension } from '../../shared/dimensions.ts'
import type { ModelVersionView } from '../../shared/schemas/model.ts'
import type { Line, LinePoint } from '../history/lines.ts'
import { modelTexts } from '../texts/en-models.ts'

/** Lines that can be told apart in one plot. */
export const MOST_LINES = 6

/** The newest versions that have a history, as lines of one dimension: the newest last. */
export function versionLines(
  versions: readonly ModelVersionView[],
  dimension: BoardDimension,
): Line<LinePoint>[] {
  return versions
    .filter(({ history }) => history.length > 0)
    .slice(0, MOST_LINES)
    .toReversed()
    .map(({ version, history }) => ({
      key: String(version),
      name: modelTexts.versions.name(version),
      dimension: null,
      points: history.filter((point) => point.dimension === dimension),
    }))
}
