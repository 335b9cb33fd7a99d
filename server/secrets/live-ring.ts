import type { Key, KeyPurpose, KeySource } from './key-ring.ts'
import { readSecretFile, stampOf, type SecretFile } from './secret-file.ts'

/** The keys of a secret file that may be rotated while the arena runs. */
export type LiveRing = { readonly of: (purpose: KeyPurpose) => KeySource }

type LiveRingDeps = {
  readonly path: string
  /** The file as it was read at the start. */
  readonly file: SecretFile
  /** Is told, once for each state of the file, why it could not be read again. */
  readonly warn: (problem: string) => void
}

/**
 * Takes up a changed file whenever it is about to seal or sign, and when it meets a key that it does
 * not know. What it once read it never forgets: whoever drops a key from the file cannot know what
 * this process still holds that was sealed with it.
 */
export function createLiveRing({ path, file, warn }: LiveRingDeps): LiveRing {
  let { ring, stamp } = file
  const known = new Map<string, Key>()
  const remember = () => {
    for (const [purpose, keys] of Object.entries(ring)) {
      for (const key of keys) known.set(nameOf(purpose as KeyPurpose, key.id), key)
    }
  }
  remember()

  function refresh(): void {
    const present = stampOf(path) ?? 'gone'
    if (present === stamp) return
    stamp = present
    const read = readSecretFile(path)
    if (!read.ok) {
      warn(`${read.error}; the keys that were read before stay in use`)
      return
    }
    ;({ ring, stamp } = read.value)
    remember()
  }

  return {
    of: (purpose) => ({
      newest() {
        refresh()
        return ring[purpose][0]
      },
      find(id) {
        const name = nameOf(purpose, id)
        if (!known.has(name)) refresh()
        return known.get(name)
      },
    }),
  }
}

function nameOf(purpose: KeyPurpose, id: string): string {
  return `${purpose} ${id}`
}
