import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { bareHost, type AllowedHosts } from './allowed-hosts.ts'
import { ProviderError } from './provider.ts'
import { isGlobalUnicast, isMetadata } from './special-addresses.ts'

/** Finds the addresses of a name; a parameter, so that tests decide where names lead. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

/** Decides to which addresses a connection may be made. */
export type EndpointGuard = {
  /**
   * The addresses behind a host, all of them checked.
   *
   * @throws ProviderError `address-refused`, or `connect` if the name leads nowhere
   */
  resolve(hostname: string, port: number): Promise<readonly [string, ...string[]]>
  /** Whether a connected socket's peer is one that may be spoken to. */
  permits(hostname: string, address: string, port: number): boolean
}

/** Asks the system's resolver, in its order. */
export const resolveBySystem: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true, verbatim: true })
  return found.map(({ address }) => address)
}

/** Lets connections out to the open internet and to whom the operator named. */
export function createEndpointGuard(
  allowed: AllowedHosts,
  resolve: Resolve = resolveBySystem,
): EndpointGuard {
  const permits: EndpointGuard['permits'] = (hostname, address, port) =>
    isGlobalUnicast(address) ||
    allowed.allowsAddress(address, port) ||
    allowed.allowsName(bareHost(hostname), port)

  return {
    permits,

    async resolve(hostname, port) {
      const host = bareHost(hostname)
      const addresses = isIP(host) === 0 ? await resolved(resolve, host) : [host]
      // One refused address refuses the name: which of them is used must not be a matter of luck.
      const refused = addresses.find((address) => !permits(host, address, port))
      if (refused !== undefined) throw refusal(host, refused)
      const [first, ...rest] = addresses
      if (first === undefined) throw new ProviderError('connect', `${host} has no address`)
      return [first, ...rest]
    },
  }
}

/** The guard of the embedded inference: it is reached at one address and nowhere else. */
export function createFixedGuard(address: string): EndpointGuard {
  return {
    permits: (_hostname, candidate) => candidate === address,
    resolve(hostname) {
      return bareHost(hostname) === address
        ? Promise.resolve([address])
        : Promise.reject(refusal(hostname, hostname))
    },
  }
}

async function resolved(resolve: Resolve, host: string): Promise<readonly string[]> {
  try {
    return await resolve(host)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new ProviderError('connect', `the name ${host} cannot be resolved${code}`, { cause })
  }
}

function refusal(host: string, address: string): ProviderError {
  const leads = host === address ? host : `${host} leads to ${address}, which`
  const rest = isMetadata(address)
    ? ' but a link-local or metadata address, where no provider is expected'
    : '; to allow it, name it in PROVIDER_ALLOWED_HOSTS and start the arena again'
  return new ProviderError('address-refused', `${leads} is no address of the open internet${rest}`)
}
