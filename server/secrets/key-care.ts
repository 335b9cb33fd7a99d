import { keyContext } from '../models/model.ts'
import type { SealedKeyRepository, SealedKeyRow } from '../models/sealed-key-repository.ts'
import {
  fixedKeys,
  withNewKeys,
  withoutKeys,
  type Key,
  type KeyPurpose,
  type KeyRing,
} from './key-ring.ts'
import { createSealer, sealingKeyOf } from './sealer.ts'
import { readSecretFile, replaceSecretFile, type SecretFile } from './secret-file.ts'

/** Purposes whose keys can be replaced; voters' hashes have to stay what they are for ever. */
export const ROTATED_PURPOSES = ['sealing', 'cookies'] as const satisfies readonly KeyPurpose[]
export type RotatedPurpose = (typeof ROTATED_PURPOSES)[number]

/** As long as a visitor's cookie lives: then nobody holds one of a key that was replaced before. */
const COOKIE_LIFETIME_MS = 365 * 86_400_000
/**
 * An arena that has just sealed with the key before may not have written it down yet: a key that was
 * replaced a moment ago is not dropped.
 */
const GRACE_MS = 10 * 60_000

export type ListedKey = {
  readonly id: string
  readonly purpose: KeyPurpose
  readonly createdAt: number
  /** Whether it is the one for anything new; voters' hashes are made with the oldest for ever. */
  readonly current: boolean
  /** Provider keys that are sealed with it; for the purpose `sealing` only. */
  readonly sealed: number | undefined
}

export type Rotation = {
  /** The ids of the new keys. */
  readonly added: readonly string[]
  readonly resealed: number
  /** Models whose stored key no key of the file opens: it has to be given anew. */
  readonly unreadable: readonly string[]
}

export type Pruning = {
  readonly dropped: readonly string[]
  /** Sealing keys that nothing is sealed with, but that were replaced within the last ten minutes. */
  readonly waiting: readonly string[]
}

/**
 * The care of the secret file, beside a running arena or without one. Failures are thrown as errors
 * of one line that hold nothing of a key.
 */
export type KeyCare = {
  /** All keys of the file; and the ids that something is sealed with, but that it does not hold. */
  list(): Promise<{ keys: ListedKey[]; missing: string[] }>
  /** Adds new keys and seals every provider key anew. */
  rotate(purposes: readonly RotatedPurpose[], actor: string): Promise<Rotation>
  /**
   * Drops keys that nothing needs any more: of `sealing` those that no provider key is sealed with,
   * of `cookies` those that no cookie can be signed with.
   *
   * @param options.force drops replaced keys at once: visitors whose cookie one of them signed are
   *   new visitors then
   */
  prune(options: { force: boolean }, actor: string): Promise<Pruning>
}

type KeyCareDeps = {
  readonly path: string
  readonly repository: SealedKeyRepository
  readonly now: () => number
}

export function createKeyCare({ path, repository, now }: KeyCareDeps): KeyCare {
  function read(): SecretFile {
    const file = readSecretFile(path)
    if (!file.ok) throw new Error(file.error)
    return file.value
  }

  return {
    async list() {
      const { ring } = read()
      const rows = await repository.list()
      const known = new Set(ring.sealing.map(({ id }) => id))
      const missing = rows.map(({ sealedKey }) => sealingKeyOf(sealedKey))
      return {
        keys: listed(ring, rows),
        missing: [...new Set(missing.filter((id) => !known.has(id)))],
      }
    },

    rotate(purposes, actor) {
      return repository.exclusively(async ({ rows, write, record }) => {
        const at = now()
        const { text, ids: added } = withNewKeys(read().text, purposes, at)
        // The file comes first: what is sealed with the new key must never be without it.
        await replaceSecretFile(path, text)
        const sealer = createSealer(fixedKeys(read().ring.sealing))
        const unreadable: string[] = []
        const stored = purposes.includes('sealing') ? rows : []
        for (const { slug, provider, sealedKey } of stored) {
          const context = keyContext(slug, provider)
          const key = sealer.open(sealedKey, context)
          if (key === undefined) unreadable.push(slug)
          else await write(slug, sealer.seal(key, context))
        }
        const resealed = stored.length - unreadable.length
        const details = { purposes, added, resealed, unreadable }
        await record({ at, actor, action: 'keys.rotate', subject: 'secret file', details })
        return { added, resealed, unreadable }
      })
    },

    prune({ force }, actor) {
      return repository.exclusively(async ({ rows, record }) => {
        const at = now()
        const { text, ring } = read()
        const used = new Set(rows.map(({ sealedKey }) => sealingKeyOf(sealedKey)))
        const dropped = [
          ...replacedBefore(ring.sealing, force ? at : at - GRACE_MS).filter((id) => !used.has(id)),
          ...replacedBefore(ring.cookies, force ? at : at - COOKIE_LIFETIME_MS),
        ]
        const waiting = replacedBefore(ring.sealing, at).filter(
          (id) => !used.has(id) && !dropped.includes(id),
        )
        if (dropped.length === 0) return { dropped, waiting }
        await replaceSecretFile(path, withoutKeys(text, new Set(dropped)))
        const details = { dropped, force }
        await record({ at, actor, action: 'keys.prune', subject: 'secret file', details })
        return { dropped, waiting }
      })
    },
  }
}

/** The keys that a newer one took over from before a moment. */
function replacedBefore(newestFirst: readonly Key[], moment: number): string[] {
  return newestFirst
    .filter((_, index) => (newestFirst[index - 1]?.createdAt ?? Infinity) <= moment)
    .map(({ id }) => id)
}

function listed(ring: KeyRing, rows: readonly SealedKeyRow[]): ListedKey[] {
  return Object.entries(ring).flatMap(([purpose, keys]) =>
    keys.map(({ id, createdAt }, index) => ({
      id,
      purpose: purpose as KeyPurpose,
      createdAt,
      current: index === (purpose === 'voters' ? keys.length - 1 : 0),
      sealed:
        purpose === 'sealing'
          ? rows.filter(({ sealedKey }) => sealingKeyOf(sealedKey) === id).length
          : undefined,
    })),
  )
}
