import type { ProviderErrorKind } from '../../../server/providers/provider.ts'
import type { FaultDialect } from './dialects.ts'
import type { Call } from './wire.ts'

/** What a provider that means well answers, in pieces: several scripts, an emoji, quotes, lines. */
export const PIECES = ['Grüße, ', 'naïve 🦊', ' & 日本語: "a\\b"', '\nsecond line.'] as const
export const TEXT = PIECES.join('')

/** Which setting of the arena ends a fault, if nothing ends it before. */
export type Limit = 'connect' | 'first' | 'gap' | 'total'

/** Something that a provider does, and what the arena has to make of it. */
export type Fault = {
  readonly id: string
  /** What it does, for the table: goes on after "a provider that …". */
  readonly what: string
  /** Where it does not apply everywhere. */
  readonly dialects?: readonly FaultDialect[]
  readonly limit: Limit
  /** The answer's exact text if it has to succeed, or the kinds of error that are right. */
  readonly expect:
    | { readonly text: string; readonly reason: 'stop' | 'length' }
    | { readonly kinds: readonly ProviderErrorKind[] }
  /** Whether the same model can be asked again as soon as it does well; true if left out. */
  readonly heals?: false
  readonly behave: (call: Call) => void
}

/** A fault before there is a request: in the address, the connection or TLS. */
export type ConnectionFault = Omit<Fault, 'behave'> & {
  readonly address: (site: Site, name: string) => Promise<Address> | Address
}

export type Address = {
  readonly origin: string
  /** What only goes wrong once the model is registered. */
  readonly begin?: () => void
  /** Puts it right; without it another model has to step in. */
  readonly mend?: () => Promise<void> | void
}

/** The places that connection faults are made of; everything listens on 127.0.0.1. */
export type Site = {
  /** Answers well, and closes when the site does. */
  readonly port: number
  readonly tlsPort: number | undefined
  /** Takes a connection and then does this. */
  listener(behave: 'never-reads' | 'closes' | 'resets' | 'says-garbage'): Promise<number>
  /** A port where nobody listens; `open` makes it answer well. */
  closedPort(): Promise<{ port: number; open(): Promise<void> }>
  /** Where a name leads from now on; a name without an answer never gets one. */
  lead(name: string, to: readonly string[] | 'nowhere' | 'never-answered'): void
}

export const succeeds = (text: string = TEXT, reason: 'stop' | 'length' = 'stop') => ({
  text,
  reason,
})
export const fails = (...kinds: ProviderErrorKind[]) => ({ kinds })
