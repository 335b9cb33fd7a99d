import { createHmac } from 'node:crypto'
import { ok, type Result } from '../../shared/result.ts'
import { createCookieSigner, type CookieSigner } from './cookie-signer.ts'
import { fixedKeys, type KeyPurpose, type KeyRing, type KeySource } from './key-ring.ts'
import { createLiveRing } from './live-ring.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { loadSecretFile } from './secret-file.ts'

/** Half of SHA-256 is plenty to tell voters apart, and exports stay readable. */
const VOTER_HASH_LENGTH = 32

export type Secrets = {
  readonly cookieSigner: CookieSigner
  readonly sealer: Sealer
  /** The pseudonym of a visitor in votes and exports: keyed, so that nobody can try out ids. */
  voterHash(visitorId: string): string
}

/** @param keysOf where keys come from; left out: they stay as they are in the ring */
export function createSecrets(
  ring: KeyRing,
  keysOf: (purpose: KeyPurpose) => KeySource = (purpose) => fixedKeys(ring[purpose]),
): Secrets {
  // Always the oldest key: the same visitor must stay the same voter when keys are rotated.
  const voterKey = ring.voters.at(-1) ?? ring.voters[0]
  return {
    cookieSigner: createCookieSigner(keysOf('cookies')),
    sealer: createSealer(keysOf('sealing')),
    voterHash: (visitorId) =>
      createHmac('sha256', voterKey.bytes)
        .update(visitorId)
        .digest('hex')
        .slice(0, VOTER_HASH_LENGTH),
  }
}

/**
 * The secrets of the file that the settings name, or one line that says why not. They follow the
 * file when its keys are rotated.
 *
 * @param warn is told why a changed file could not be read
 */
export async function loadSecrets(
  path: string,
  now: number,
  warn: (problem: string) => void = () => undefined,
): Promise<Result<Secrets, string>> {
  const file = await loadSecretFile(path, now)
  if (!file.ok) return file
  const live = createLiveRing({ path, file: file.value, warn })
  return ok(createSecrets(file.value.ring, live.of))
}
