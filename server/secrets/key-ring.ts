import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { err, ok, type Result } from '../../shared/result.ts'

/** What a key is for: no key ever serves two purposes. */
export const KEY_PURPOSES = ['cookies', 'sealing', 'voters'] as const
export type KeyPurpose = (typeof KEY_PURPOSES)[number]

const KEY_BYTES = 32

const keySchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, 'must be 1 to 32 letters, digits, - or _'),
  purpose: z.enum(KEY_PURPOSES),
  key: z
    .string()
    .regex(/^[A-Za-z0-9_-]{43}$/, `must be ${KEY_BYTES} bytes in base64url (43 characters)`)
    .transform((text) => Buffer.from(text, 'base64url')),
  createdAt: z.iso.datetime(),
})

const ringSchema = z.object({ version: z.literal(1), keys: z.array(keySchema) })

export type Key = { readonly id: string; readonly bytes: Buffer }

/** The keys of one purpose, the newest first; there is at least one. */
export type Keys = readonly [Key, ...Key[]]

export type KeyRing = Readonly<Record<KeyPurpose, Keys>>

/** The text of a fresh secret file: one random key for each purpose. */
export function freshRing(now: number): string {
  const createdAt = new Date(now).toISOString()
  const keys = KEY_PURPOSES.map((purpose) => ({
    id: randomBytes(6).toString('hex'),
    purpose,
    key: randomBytes(KEY_BYTES).toString('base64url'),
    createdAt,
  }))
  return `${JSON.stringify({ version: 1, keys }, null, 2)}\n`
}

/**
 * Reads the text of a secret file.
 *
 * @returns the keys by purpose, or what is wrong, in words that hold nothing of the file
 */
export function parseRing(text: string): Result<KeyRing, string> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may be a key.
    return err('is no valid JSON')
  }
  const parsed = ringSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    return err(`has a mistake at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? ''}`)
  }
  const { keys } = parsed.data
  const twice = keys.find((key, index) => keys.findIndex((other) => other.id === key.id) !== index)
  if (twice !== undefined) return err(`holds the key id "${twice.id}" twice`)

  // Stable for equal times: of two keys made at once the later entry is the newer.
  const newestFirst = keys
    .toReversed()
    .toSorted((left, right) => Date.parse(right.createdAt) - Date.parse(left.createdAt))
  const ring: Partial<Record<KeyPurpose, Keys>> = {}
  for (const purpose of KEY_PURPOSES) {
    const [first, ...rest] = newestFirst
      .filter((key) => key.purpose === purpose)
      .map(({ id, key }): Key => ({ id, bytes: key }))
    if (first === undefined) return err(`holds no key for the purpose "${purpose}"`)
    ring[purpose] = [first, ...rest]
  }
  return ok(ring as KeyRing)
}
