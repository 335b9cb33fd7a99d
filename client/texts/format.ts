// Numbers, dates and plurals, all through Intl so that a second language is only a catalogue.
const LOCALE = 'en'

const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 })
const signed = new Intl.NumberFormat(LOCALE, {
  maximumFractionDigits: 1,
  minimumFractionDigits: 1,
  signDisplay: 'exceptZero',
})
const share = new Intl.NumberFormat(LOCALE, { style: 'percent', maximumFractionDigits: 0 })
const date = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' })
const dateTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' })
const plurals = new Intl.PluralRules(LOCALE)
const ordinals = new Intl.PluralRules(LOCALE, { type: 'ordinal' })
const ORDINAL_SUFFIX: Partial<Record<Intl.LDMLPluralRule, string>> = {
  one: 'st',
  two: 'nd',
  few: 'rd',
}

export const formatWhole = (value: number) => whole.format(value)
/** A difference, always with its sign. */
export const formatChange = (value: number) => signed.format(value).replace('-', '\u2212')
export const formatShare = (value: number) => share.format(value)
export const formatDate = (iso: string) => date.format(new Date(iso))
export const formatDateTime = (iso: string) => dateTime.format(new Date(iso))
/** `1st`, `2nd`, `3rd`, … */
export const formatOrdinal = (value: number) =>
  `${whole.format(value)}${ORDINAL_SUFFIX[ordinals.select(value)] ?? 'th'}`
/** `1 vote`, `2 votes`. */
export const count = (value: number, one: string, other: string) =>
  `${whole.format(value)} ${plurals.select(value) === 'one' ? one : other}`
