import type { Activity } from '../../../shared/schemas/model.ts'

// Figures as the table of models shows them: short, of equal width, through Intl.
const LOCALE = 'en'
const fine = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const coarse = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 })
const money = new Intl.NumberFormat(LOCALE, { style: 'currency', currency: 'USD' })
const wholeMoney = new Intl.NumberFormat(LOCALE, {
  style: 'currency',
  currency: 'USD',
  maximumFractionDigits: 0,
})
const percent = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
})

/** What stands where there is no figure. */
export const NONE = '–'

/** Milliseconds as seconds, without the unit: `0.42`, `12.3`. */
export const formatSeconds = (ms: number): string => (ms < 9995 ? fine : coarse).format(ms / 1000)

/** US dollars: `$0.42`, `$1,204`; what is less than a cent is said to be. */
export function formatMoney(dollars: number | null): string {
  if (dollars === null) return NONE
  if (dollars > 0 && dollars < 0.005) return '<$0.01'
  return (dollars < 999.995 ? money : wholeMoney).format(dollars)
}

/** `950`, `12.3K`, `4.5M`. */
export const formatCompact = (value: number): string => compact.format(value)

/** Tokens a second. */
export const formatSpeed = (value: number): string =>
  (value < 9.95 ? coarse : compact).format(value)

export const formatErrorShare = (share: number): string => percent.format(share)

/** The share of answers of the last 24 hours that failed; null where none was asked for. */
export function errorShareOf({ answers, failures }: Pick<Activity, 'answers' | 'failures'>) {
  const asked = answers + failures
  return asked === 0 ? null : failures / asked
}

const ago = new Intl.RelativeTimeFormat(LOCALE, { style: 'narrow' })
const JUST_NOW = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' }).format(0, 'second')
const clock = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'medium' })

/** How long ago in as few letters as can be: `now`, `4m ago`. */
export function formatShortAgo(iso: string, now: number): string {
  const minutes = Math.max(0, now - new Date(iso).getTime()) / 60_000
  if (minutes < 1) return JUST_NOW
  if (minutes < 60) return ago.format(-Math.floor(minutes), 'minute')
  if (minutes < 48 * 60) return ago.format(-Math.floor(minutes / 60), 'hour')
  return ago.format(-Math.floor(minutes / 60 / 24), 'day')
}

/** A sentence of the arena with its times as the reader's clock shows them. */
export const withLocalTimes = (text: string): string =>
  text.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, (time) =>
    clock.format(new Date(time)),
  )
