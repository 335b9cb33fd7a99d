// Times as administrators read them, through Intl.
const LOCALE = 'en'

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' })
const exact = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'medium' })

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** How long ago something was, in its largest unit: `now`, `3 minutes ago`, `yesterday`. */
export function formatAgo(iso: string, now: number): string {
  // Clocks differ a little: what just happened is never in the future.
  const past = Math.min(0, new Date(iso).getTime() - now)
  for (const [unit, length] of UNITS) {
    if (-past >= length) return relative.format(Math.trunc(past / length), unit)
  }
  return relative.format(0, 'second')
}

/** A moment to the second, in the reader's time zone. */
export const formatExact = (iso: string) => exact.format(new Date(iso))
