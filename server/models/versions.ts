import { BOARD_DIMENSIONS } from '../../shared/dimensions.ts'
import type { ModelVersionView } from '../../shared/schemas/model.ts'
import type { RatedVersions, VersionFit } from '../ratings/version-fits.ts'
import { isoTime } from './iso-time.ts'
import type { Model, ModelVersion } from './model.ts'

/** What the boards say of each version of a model that has votes. Rejects with a `FailureError`. */
export type RateVersions = (slug: string) => Promise<RatedVersions>

/**
 * The versions of a model, the newest first, with their own ratings: never how they are reached nor
 * what they are told.
 */
export function toVersions(model: Model, fits: readonly VersionFit[]): ModelVersionView[] {
  const versions = [...model.versions.values()].sort((a, b) => a.version - b.version)
  const fitOf = new Map(fits.map((fit) => [fit.version, fit]))
  return versions
    .map((version, index) => {
      const until = versions[index + 1]?.createdAt ?? model.retired?.at
      return toView(version, until, fitOf.get(version.version))
    })
    .toReversed()
}

function toView(
  { version, createdAt, sampling }: ModelVersion,
  until: number | undefined,
  fit: VersionFit | undefined,
): ModelVersionView {
  const none = { overall: null, accuracy: null, helpfulness: null, language: null }
  return {
    version,
    from: isoTime(createdAt),
    until: until === undefined ? null : isoTime(until),
    sampling,
    ratings: fit?.ratings ?? none,
    history: (fit?.history ?? []).flatMap(({ at, ratings }) =>
      BOARD_DIMENSIONS.flatMap((dimension) => {
        const rating = ratings[dimension]
        return rating === null ? [] : [{ at: isoTime(at), dimension, ...rating }]
      }),
    ),
  }
}
