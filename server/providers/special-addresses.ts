import { BlockList, isIPv4, isIPv6 } from 'node:net'

// IANA's special-purpose address registries, everything that is not "globally reachable", plus
// multicast. Small global exceptions inside a block (anycast of the IETF) stay refused: no
// provider lives there.
const REFUSED_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

// Only 2000::/3 is handed out as global unicast; these are the special parts of it.
const GLOBAL_IPV6 = '2000::/3'
const REFUSED_IPV6 = ['2001::/23', '2001:db8::/32', '3fff::/20']

/** Prefixes that carry an IPv4 address, which decides: where it begins, in 16-bit groups. */
const CARRIERS = [
  { prefix: '::ffff:0:0/96', group: 6 },
  { prefix: '64:ff9b::/96', group: 6 },
  { prefix: '2002::/16', group: 1 },
].map(({ prefix, group }) => ({ list: blockList([prefix]), group }))

const refusedIpv4 = blockList(REFUSED_IPV4)
const refusedIpv6 = blockList(REFUSED_IPV6)
const globalIpv6 = blockList([GLOBAL_IPV6])
const metadataIpv4 = blockList(['169.254.0.0/16', '100.100.100.200/32', '192.0.0.192/32'])
const metadataIpv6 = blockList(['fe80::/10', 'fd00:ec2::254/128', 'fd20:ce::254/128'])

/** Whether an address is global unicast: one that a provider on the open internet can have. */
export function isGlobalUnicast(address: string): boolean {
  if (isIPv4(address)) return !refusedIpv4.check(address, 'ipv4')
  // A zone (fe80::1%eth0) makes sense on a local link only.
  if (!isIPv6(address) || address.includes('%')) return false
  const carrier = CARRIERS.find(({ list }) => list.check(address, 'ipv6'))
  if (carrier !== undefined) return isGlobalUnicast(carriedIpv4(address, carrier.group))
  if (!globalIpv6.check(address, 'ipv6') || refusedIpv6.check(address, 'ipv6')) return false
  return !isIsatap(address) || isGlobalUnicast(carriedIpv4(address, 6))
}

/**
 * Whether an address is link-local, or another one at which a cloud tells its machines their
 * credentials: nobody should be advised to allow it.
 */
export function isMetadata(address: string): boolean {
  if (isIPv4(address)) return metadataIpv4.check(address, 'ipv4')
  const [bare = ''] = address.split('%', 1)
  if (!isIPv6(bare)) return false
  const carrier = CARRIERS.find(({ list }) => list.check(bare, 'ipv6'))
  if (carrier !== undefined) return isMetadata(carriedIpv4(bare, carrier.group))
  return metadataIpv6.check(bare, 'ipv6')
}

/**
 * Whether an address names a host by its IPv4 address behind any prefix (RFC 5214): a router of the
 * own network may take it to that host, so that it has to be one that may be reached.
 */
function isIsatap(address: string): boolean {
  const groups = expandIpv6(address)
  return (groups[4] === 0 || groups[4] === 0x200) && groups[5] === 0x5efe
}

function carriedIpv4(address: string, group: number): string {
  const groups = expandIpv6(address)
  return [groups[group] ?? 0, groups[group + 1] ?? 0]
    .flatMap((value) => [value >> 8, value & 0xff])
    .join('.')
}

/** The eight 16-bit groups of a valid IPv6 address, whatever its spelling. */
function expandIpv6(address: string): number[] {
  const [head = '', tail] = address.split('::', 2)
  const before = groupsOf(head)
  if (tail === undefined) return before
  const after = groupsOf(tail)
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function groupsOf(part: string): number[] {
  if (part === '') return []
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [(a << 8) | b, (c << 8) | d]
  })
}

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/', 2)
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return list
}
