// Numbers, dates and plurals, all through Intl so that a second language is only a catalogue.
const LOCALE = 'en'

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const signed = new Intl.NumberFormat(LOCALE, {
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
  signDisplay: 'exceptZero',
})
const signedFine = new Intl.NumberFormat(LOCALE, {
  maximumFractionDigits: 3,
  minimumFractionDigits: 3,
  signDisplay: 'exceptZero',
})
const share = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 })
const fineShare = new Intl.NumberFormat(LOCALE, {
  style: 'percent',
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
})
const price = new Intl.NumberFormat(LOCALE, {
  style: 'currency',
  currency: 'USD',
  minimumFractionDigits: 2,
  maximumFractionDigits: 4,
})
const date = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' })
const dateTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(LOCALE, { month: 'short', day: 'numeric' })
const time = new Intl.DateTimeFormat(LOCALE, { hour: 'numeric', minute: '2-digit' })
const month = new Intl.DateTimeFormat(LOCALE, { month: 'short', year: 'numeric' })
const plurals = new Intl.PluralRules(LOCALE)
const ordinals = new Intl.PluralRules(LOCALE, { type: 'ordinal' })
const languages = new Intl.DisplayNames(LOCALE, { type: 'language' })
const list = new Intl.ListFormat(LOCALE, { type: 'conjunction' })
const ORDINAL_SUFFIX: Partial<Record<Intl.LDMLPluralRule, string>> = {
  one: 'st',
  two: 'nd',
  few: 'rd',
}

/** A hyphen is no minus. */
const withMinus = (text: string) => text.replace('-', '\u2212')

export const formatWhole = (value: number) => withMinus(whole.format(value))
/** A difference, always with its sign. */
export const formatChange = (value: number) => withMinus(signed.format(value))
/** A small coefficient, always with its sign. */
export const formatCoefficient = (value: number) => withMinus(signedFine.format(value))
export const formatShare = (value: number) => share.format(value)
export const formatFineShare = (value: number) => fineShare.format(value)
/** US dollars, as fine as they are given. */
export const formatPrice = (value: number) => price.format(value)
export const formatDate = (iso: string) => date.format(new Date(iso))
export const formatDateTime = (iso: string) => dateTime.format(new Date(iso))
/** A moment on an axis that is this many milliseconds long: as fine as it has to be. */
export const formatMoment = (at: number, span: number) =>
  (span > 300 * 86_400_000 ? month : span > 2 * 86_400_000 ? day : time).format(at)
/** `1st`, `2nd`, `3rd`, … */
export const formatOrdinal = (value: number) =>
  `${whole.format(value)}${ORDINAL_SUFFIX[ordinals.select(value)] ?? 'th'}`
/** `1 vote`, `2 votes`. */
export const count = (value: number, one: string, other: string) =>
  `${whole.format(value)} ${plurals.select(value) === 'one' ? one : other}`
/** From here to there, of whole numbers: `2–5`, or `2` where both are the same. */
export const formatRange = (low: number, high: number) =>
  low === high ? formatWhole(low) : `${formatWhole(low)}–${formatWhole(high)}`
/** The name of a language of ISO 639-1. */
export const formatLanguage = (code: string) => languages.of(code) ?? code
export const formatList = (parts: readonly string[]) => list.format(parts)
