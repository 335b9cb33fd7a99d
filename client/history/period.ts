import type { Period } from '../leaderboard/address.ts'

const HOUR = 3_600_000
const LENGTHS: Readonly<Record<Exclude<Period, 'all'>, number>> = {
  '1d': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
  '90d': 90 * 24 * HOUR,
}

/** Where a period begins (ISO 8601), to the hour so that equal questions have equal addresses. */
export function startOf(period: Period, now: number): string | null {
  if (period === 'all') return null
  return new Date(Math.floor((now - LENGTHS[period]) / HOUR) * HOUR).toISOString()
}
