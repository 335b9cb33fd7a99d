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

export type Key = {
  readonly id: string
  readonly bytes: Buffer
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/** The keys of one purpose, the newest first; there is at least one. */
export type Keys = readonly [Key, ...Key[]]

export type KeyRing = Readonly<Record<KeyPurpose, Keys>>

/** The keys of one purpose as they are at the moment; they may be rotated while the arena runs. */
export type KeySource = {
  /** The one to be used for anything new. */
  newest(): Key
  /** The one of an id, if we ever had it. */
  find(id: string): Key | undefined
}

/** Keys that stay as they are. */
export function fixedKeys(keys: Keys): KeySource {
  return { newest: () => keys[0], find: (id) => keys.find((key) => key.id === id) }
}

/** The text of a fresh secret file: one random key for each purpose. */
export function freshRing(now: number): string {
  return write({ version: 1, keys: KEY_PURPOSES.map((purpose) => freshKey(purpose, now)) })
}

/**
 * The text of a secret file with a new key for each of these purposes: from then on the newest.
 *
 * @param text of a file that {@link parseRing} reads
 * @returns with the ids of the new keys
 */
export function withNewKeys(
  text: string,
  purposes: readonly KeyPurpose[],
  now: number,
): { text: string; ids: string[] } {
  const file = JSON.parse(text) as RawFile
  // Whatever the clock says now: the new key is the newest.
  const latest = Math.max(...file.keys.map((key) => Date.parse(key.createdAt)))
  const fresh = purposes.map((purpose) => freshKey(purpose, Math.max(now, latest + 1)))
  return {
    text: write({ ...file, keys: [...file.keys, ...fresh] }),
    ids: fresh.map(({ id }) => id),
  }
}

/** The text of a secret file without some of its keys. */
export function withoutKeys(text: string, ids: ReadonlySet<string>): string {
  const file = JSON.parse(text) as RawFile
  return write({ ...file, keys: file.keys.filter(({ id }) => !ids.has(id)) })
}

/** A secret file as it stands, with whatever somebody has added to it. */
type RawFile = { keys: { id: string; createdAt: string }[] }

function freshKey(purpose: KeyPurpose, now: number) {
  return {
    id: randomBytes(6).toString('hex'),
    purpose,
    key: randomBytes(KEY_BYTES).toString('base64url'),
    createdAt: new Date(now).toISOString(),
  }
}

function write(file: object): string {
  return `${JSON.stringify(file, null, 2)}\n`
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
      .map(({ id, key, createdAt }): Key => ({ id, bytes: key, createdAt: Date.parse(createdAt) }))
    if (first === undefined) return err(`holds no key for the purpose "${purpose}"`)
    ring[purpose] = [first, ...rest]
  }
  return ok(ring as KeyRing)
}
