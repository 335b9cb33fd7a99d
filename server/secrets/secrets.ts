import { createHmac } from 'node:crypto'
import { ok, type Result } from '../../shared/result.ts'
import { createCookieSigner, type CookieSigner } from './cookie-signer.ts'
import type { KeyRing } from './key-ring.ts'
import { createSealer, type Sealer } from './sealer.ts'
import { loadKeyRing } from './secret-file.ts'

/** Half of SHA-256 is plenty to tell voters apart, and exports stay readable. */
const VOTER_HASH_LENGTH = 32

export type Secrets = {
  readonly cookieSigner: CookieSigner
  readonly sealer: Sealer
  /** The pseudonym of a visitor in votes and exports: keyed, so that nobody can try out ids. */
  voterHash(visitorId: string): string
}

export function createSecrets(ring: KeyRing): Secrets {
  // Always the oldest key: the same visitor must stay the same voter when keys are rotated.
  const voterKey = ring.voters.at(-1) ?? ring.voters[0]
  return {
    cookieSigner: createCookieSigner(ring.cookies),
    sealer: createSealer(ring.sealing),
    voterHash: (visitorId) =>
      createHmac('sha256', voterKey.bytes)
        .update(visitorId)
        .digest('hex')
        .slice(0, VOTER_HASH_LENGTH),
  }
}

/** The secrets of the file that the settings name, or one line that says why not. */
export async function loadSecrets(path: string, now: number): Promise<Result<Secrets, string>> {
  const ring = await loadKeyRing(path, now)
  return ring.ok ? ok(createSecrets(ring.value)) : ring
}
