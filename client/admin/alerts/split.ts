import type { Alert } from '../../../shared/schemas/admin.ts'

/**
 * What holds and what is past, of two lists that were not read at the same moment: an alert that
 * one of them already knows to be over is over.
 */
export function splitAlerts(
  active: readonly Alert[] | null,
  all: readonly Alert[] | null,
): { holding: readonly Alert[] | null; past: readonly Alert[] | null } {
  const over = new Set(all?.filter(({ resolvedAt }) => resolvedAt !== null).map(({ id }) => id))
  return {
    holding: active?.filter(({ id, resolvedAt }) => resolvedAt === null && !over.has(id)) ?? null,
    past: all?.filter(({ resolvedAt }) => resolvedAt !== null) ?? null,
  }
}
