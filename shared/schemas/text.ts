import * as z from 'zod'
import { hasLoneSurrogate } from '../prompt.ts'

/** Text in one line: no controls, no broken characters, no blanks at its ends. */
export const lineSchema = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.trim() === text, 'must not begin or end with blanks')
    .refine((text) => !/\p{Cc}|\p{Cf}/u.test(text), 'must not hold control or format characters')
    .refine((text) => !hasLoneSurrogate(text), 'must be valid Unicode')

/**
 * What the public reads as a name: one line, in one form (NFC), that can neither be markup nor be
 * taken for another name. It goes by what Unicode's report 39 says of identifiers.
 */
export const nameSchema = (max: number) =>
  withoutTricks(
    lineSchema(max)
      .refine((text) => !/[<>]/.test(text), 'must not hold < or >')
      .refine((text) => !/[^\S ]| {2}/.test(text), 'must not hold blanks but single spaces'),
  )

/** Text of several lines: what a model is told, or what people are told of it. */
export const textSchema = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !hasLoneSurrogate(text) && !text.includes('\0'), 'must be valid Unicode')

/** Refuses what nobody sees, and letters that look like others. */
export function withoutTricks(schema: z.ZodString): z.ZodString {
  return schema
    .normalize('NFC')
    .refine((text) => !INVISIBLE.test(text), 'must not hold characters that nobody sees')
    .refine((text) => !/\p{M}{4}/u.test(text), 'must not pile up marks over a letter')
    .refine(
      (text) => !DRESSED_UP.test(text),
      'must not hold letters in fancy dress: write them plainly',
    )
    .refine(
      (text) => (text.match(WORDS) ?? []).every((word) => lookalikeScripts(word) < 2),
      'must not mix letters of Latin, Cyrillic, Greek, Armenian or Cherokee in one word',
    )
}

// Ignorable: zero-width characters, direction marks, fillers, variation selectors. The blank of
// Braille is a visible character by Unicode's lists, and nothing by looks.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{C}\p{Zl}\p{Zp}\u2800]/u
/** Full-width ASCII, and the alphabets of mathematics. */
const DRESSED_UP = /[\uFF01-\uFF5E\u{1D400}-\u{1D7FF}]/u
const WORDS = /[\p{L}\p{M}]+/gu
/** Scripts whose letters look like each other's. */
const LOOKALIKES = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
]

function lookalikeScripts(word: string): number {
  return LOOKALIKES.filter((script) => script.test(word)).length
}
