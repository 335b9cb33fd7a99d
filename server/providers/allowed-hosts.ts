import { BlockList, isIP, isIPv6 } from 'node:net'
import { err, ok, type Result } from '../../shared/result.ts'

/** What an operator trusts beyond the open internet: names and networks of registered providers. */
export type AllowedHosts = {
  /** Whether a provider of this name may be reached wherever the name leads. */
  allowsName(hostname: string, port: number): boolean
  /** Whether a provider may be reached at this address, whatever its name. */
  allowsAddress(address: string, port: number): boolean
}

type Entry =
  | { kind: 'name'; name: string; port: number | undefined }
  | { kind: 'network'; list: BlockList; port: number | undefined }

/** Nobody beyond the open internet. */
export const NO_ALLOWED_HOSTS: AllowedHosts = {
  allowsName: () => false,
  allowsAddress: () => false,
}

/**
 * Reads the entries of `PROVIDER_ALLOWED_HOSTS`: `host`, `host:port` or a network in CIDR form. An
 * address stands for itself, whichever name leads there.
 *
 * @returns the rule, or one line that names the entry that cannot be read
 */
export function parseAllowedHosts(entries: readonly string[]): Result<AllowedHosts, string> {
  const parsed: Entry[] = []
  for (const text of entries) {
    const entry = text.includes('/') ? parseNetwork(text) : parseHost(text)
    if (entry === undefined) {
      return err(
        `PROVIDER_ALLOWED_HOSTS: "${text}" is no host, host:port or network ` +
          '(like ollama.lan, 127.0.0.1:11434, [::1]:8080 or 10.0.0.0/8)',
      )
    }
    parsed.push(entry)
  }
  return ok({
    allowsName: (hostname, port) =>
      parsed.some(
        (entry) =>
          entry.kind === 'name' &&
          entry.name === withoutRootDot(hostname) &&
          (entry.port ?? port) === port,
      ),
    allowsAddress: (address, port) =>
      parsed.some(
        (entry) =>
          entry.kind === 'network' &&
          (entry.port ?? port) === port &&
          entry.list.check(address, family(address)),
      ),
  })
}

function parseNetwork(text: string): Entry | undefined {
  const [address = '', bits = '', ...rest] = text.split('/')
  const version = isIP(address)
  const max = version === 6 ? 128 : 32
  if (version === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > max) {
    return undefined
  }
  const list = new BlockList()
  list.addSubnet(address, Number(bits), family(address))
  return { kind: 'network', list, port: undefined }
}

function parseHost(text: string): Entry | undefined {
  if (isIPv6(text)) return parseHost(`[${text}]`)
  const [, host = '', port] = /^(\[[^\]]+\]|[^:@\s?#\\]+)(?::(\d{1,5}))?$/.exec(text) ?? []
  const url = `http://${host}`
  if (host === '' || !URL.canParse(url) || Number(port ?? 1) > 65_535 || Number(port) === 0) {
    return undefined
  }
  // Through URL, so that every spelling of a name or an address is the one that requests use.
  const name = bareHost(new URL(url).hostname)
  const entryPort = port === undefined ? undefined : Number(port)
  if (isIP(name) === 0) return { kind: 'name', name: withoutRootDot(name), port: entryPort }
  const list = new BlockList()
  list.addAddress(name, family(name))
  return { kind: 'network', list, port: entryPort }
}

/** The host of a URL without the brackets of an IPv6 address. */
export function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}

function withoutRootDot(name: string): string {
  return name.replace(/\.$/, '')
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4'
}
