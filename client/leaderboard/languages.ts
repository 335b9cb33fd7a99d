import { formatLanguage } from '../texts/format.ts'

/** What the detector can tell apart (ISO 639-1). */
const CODES =
  'am ar az be bg bn ca cs da de el en es et eu fa fi fr gu he hi hr hu hy is it ja ka kn ko ku lo lt lv ml mr ms nl no or pa pl pt ro ru sk sl sq sr sv ta te th tl tr uk ur vi yo zh'

/** The languages that a board can be narrowed down to, by name. */
export const LANGUAGES: readonly { readonly code: string; readonly name: string }[] = CODES.split(
  ' ',
)
  .map((code) => ({ code, name: formatLanguage(code) }))
  .sort((a, b) => a.name.localeCompare(b.name))
