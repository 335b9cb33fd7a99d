import type { AuditEntry } from '../../../shared/schemas/system.ts'
import type { ModelVersionView } from '../../../shared/schemas/model.ts'
import { detailRows, type DetailRow } from '../audit/details.ts'

/** A version as its administrators look at it: how long it answered, and what made it another. */
export type VersionLine = {
  readonly version: number
  readonly from: string
  readonly until: string | null
  readonly votes: number
  /** Who made it, where the log is at hand. */
  readonly actor: string | null
  readonly changes: readonly DetailRow[]
}

/**
 * Versions with what differs from the one before: as the audit log has it, or, without the log, in
 * their sampling, which everybody may know.
 *
 * @param versions the newest first
 */
export function versionLines(
  versions: readonly ModelVersionView[],
  log: readonly AuditEntry[],
): readonly VersionLine[] {
  return versions.map((version, i) => {
    const entry = log.find(({ details }) => madeVersion(details) === version.version)
    const before = versions[i + 1]
    const changes =
      entry !== undefined && version.version > 1
        ? detailRows(entry.details).filter(({ field }) => field !== 'version')
        : before === undefined
          ? []
          : detailRows({ sampling: { from: before.sampling, to: version.sampling } }).filter(
              ({ field }) => field !== 'sampling',
            )
    return {
      version: version.version,
      from: version.from,
      until: version.until,
      votes: version.ratings.overall?.votes ?? 0,
      actor: entry?.actor ?? null,
      changes,
    }
  })
}

/** The version that an entry of the audit log made, if it made one. */
function madeVersion(details: AuditEntry['details']): number | null {
  const change = details?.['version']
  if (typeof change !== 'object' || change === null || !('to' in change)) return null
  return typeof change.to === 'number' ? change.to : null
}
