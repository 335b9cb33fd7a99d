import { CANARY, FAULT_DIALECTS, type FaultDialect } from './dialects.ts'
import { CONNECTION_FAULTS } from './connection-faults.ts'
import type { Address, ConnectionFault, Fault } from './fault.ts'
import type { FaultServer } from './fault-server.ts'
import { HEAD_FAULTS } from './head-faults.ts'
import { STREAM_FAULTS } from './stream-faults.ts'

export const FAULTS: readonly (Fault | ConnectionFault)[] = [
  ...CONNECTION_FAULTS,
  ...HEAD_FAULTS,
  ...STREAM_FAULTS,
]

/** One fault in one dialect, with a model of its own. */
export type FaultCase = {
  readonly fault: Fault | ConnectionFault
  readonly dialect: FaultDialect
  readonly slug: string
  /** The provider's address, path included. */
  readonly baseUrl: string
  readonly address: Address
  /** Whether requests are held until everybody is seated. */
  readonly held: boolean
}

/** Every fault in every dialect where it applies. @returns also what had to be left out, and why */
export async function makeCases(
  server: FaultServer,
): Promise<{ cases: FaultCase[]; skipped: string[] }> {
  const cases: FaultCase[] = []
  const skipped: string[] = []
  const origin = `http://127.0.0.1:${server.site.port}`
  for (const fault of FAULTS) {
    const needsTls = fault.id === 'tls-certificate' || fault.id === 'plain-to-tls'
    if (needsTls && server.site.tlsPort === undefined) {
      skipped.push(`${fault.id}: there is no openssl to make a certificate with`)
      continue
    }
    for (const dialect of fault.dialects ?? FAULT_DIALECTS) {
      const slug = `${CANARY}-${fault.id}-${dialect}`
      const held = 'behave' in fault
      const path = server.add(slug, dialect, held ? fault : undefined)
      const heals = fault.heals ?? true
      const address = held
        ? { origin, ...(heals ? { mend: () => server.mend(slug) } : {}) }
        : mendable(await fault.address(server.site, `${slug}.test`), () => server.mend(slug))
      cases.push({ fault, dialect, slug, baseUrl: `${address.origin}${path}`, address, held })
    }
  }
  return { cases, skipped }
}

/** Who is reached after all answers as everybody who was mended. */
function mendable(address: Address, mendModel: () => void): Address {
  const { mend } = address
  if (mend === undefined) return address
  return {
    ...address,
    async mend() {
      await mend()
      mendModel()
    },
  }
}

/** How a model of a dialect is registered. */
export function providerOf(
  dialect: FaultDialect,
  baseUrl: string,
  model: string,
  apiKey: string,
): object {
  const kind = dialect === 'openai' ? 'openai-compatible' : dialect
  return { kind, baseUrl, model, apiKey }
}
