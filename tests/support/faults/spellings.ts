/** Addresses that no provider may have: this machine, its networks, and where clouds keep secrets. */
const PRIVATE_IPV4 = [
  '127.0.0.1',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '169.254.169.254',
  '100.100.100.200',
] as const

const hex = (value: number, digits = 0) => value.toString(16).padStart(digits, '0')
const octal = (value: number) => `0${value.toString(8)}`
const shifted = (text: string, zero: number) =>
  text.replaceAll(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)))

/** One IPv4 address in every way in which a URL, a resolver or IPv6 can write it. */
function spellingsOf(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  const whole = ((a * 256 + b) * 256 + c) * 256 + d
  const [high, low] = [hex(a * 256 + b), hex(c * 256 + d)]
  const [notHigh, notLow] = [hex(0xffff - (a * 256 + b)), hex(0xffff - (c * 256 + d))]
  return [
    address,
    `${address}.`,
    String(whole),
    `0x${hex(whole)}`,
    `0X${hex(whole, 8).toUpperCase()}`,
    octal(whole),
    `00000${octal(whole)}`,
    [a, b, c, d].map((part) => `0x${hex(part)}`).join('.'),
    [a, b, c, d].map(octal).join('.'),
    [a, b, c, d].map((part) => `000000${octal(part)}`).join('.'),
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `${a}.0x${hex(b)}.${octal(c)}.${d}`,
    `0x${hex(a)}.${octal((b * 256 + c) * 256 + d)}`,
    shifted(address, 0xff10),
    address.replaceAll('.', '\u3002'),
    address.replaceAll('.', '\uff0e'),
    address.replaceAll('.', '\uff61'),
    address.replaceAll(/\d/g, (digit) => `%3${digit}`),
    address.replaceAll('.', '%2e'),
    `[::ffff:${address}]`,
    `[::ffff:${high}:${low}]`,
    `[0:0:0:0:0:ffff:${high}:${low}]`,
    `[0000:0000:0000:0000:0000:FFFF:${high}:${low}]`,
    `[::${address}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b::${high}:${low}]`,
    `[64:ff9b:1::${address}]`,
    `[64:ff9b:1:${high}:0:${low}::]`,
    `[2002:${high}:${low}::1]`,
    `[2001::${notHigh}:${notLow}]`,
    `[2001:0:${high}:${low}::1]`,
    `[fe80::5efe:${address}]`,
    `[2606:4700::5efe:${high}:${low}]`,
    `[2606:4700::200:5efe:${address}]`,
  ]
}

/** What the rest of the special addresses looks like, a few of each kind. */
const OTHER_LITERALS = [
  '127.255.255.254',
  '127.0.0.2',
  '0',
  '0x0',
  '00',
  '0.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '4294967295',
  '\u2460\u2461\u2466.\u24ea.\u24ea.\u2460',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[0::0:1]',
  '[::2]',
  '[100::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fdff:ffff::1]',
  '[fe80::1]',
  '[febf::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[ff05::1:3]',
  '[2001:db8::1]',
  '[2001:2::1]',
  '[2001:10::1]',
  '[2001:20::1]',
  '[3fff::1]',
  '[5f00::1]',
  '[4000::1]',
] as const

/** Names that lead to this machine, and where they lead. */
export const PRIVATE_NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'localhost.': ['127.0.0.1'],
  'localhost.localdomain': ['127.0.0.1'],
  'a.localhost': ['127.0.0.1'],
  'ip6-localhost': ['::1'],
  'ip6-loopback': ['::1'],
  'loopback.test': ['127.0.0.1'],
  'loopback6.test': ['::1'],
  '127.0.0.1.nip.test': ['127.0.0.1'],
  '7f000001.rbndr.test': ['127.0.0.1'],
  'metadata.google.internal': ['169.254.169.254'],
  'instance-data.ec2.internal': ['169.254.169.254', 'fd00:ec2::254'],
  'kubernetes.default.svc': ['10.96.0.1'],
  'host.docker.internal': ['172.17.0.1'],
  'router.lan': ['192.168.1.1'],
  'any.test': ['0.0.0.0'],
  'any6.test': ['::'],
  'mapped.test': ['::ffff:127.0.0.1'],
  'nat64.test': ['64:ff9b::7f00:1'],
  '6to4.test': ['2002:7f00:1::1'],
  'zoned.test': ['fe80::1%lo'],
  // A public address beside a private one, in both orders.
  'public-first.test': ['93.184.216.34', '127.0.0.1'],
  'private-first.test': ['127.0.0.1', '93.184.216.34'],
  'public-then-six.test': ['2606:4700::1', '::1'],
  // What a CNAME to this machine comes to.
  'alias-of-localhost.test': ['127.0.0.1', '::1'],
}

/** The same names as people disguise them. */
const DISGUISED_NAMES = [
  'LOCALHOST',
  'LocalHost',
  'local\u00adhost',
  '\uff4c\uff4f\uff43\uff41\uff4c\uff48\uff4f\uff53\uff54',
  'localho\u017ft',
  'loc%61lhost',
  '%6c%6f%63%61%6c%68%6f%73%74',
  'loopback\u3002test',
]

/** Whole addresses whose host is not what it seems; `PORT` stands for the canary's. */
const WHOLE_URLS = [
  'http://example.com@127.0.0.1:PORT/v1',
  'http://example.com:80@127.0.0.1:PORT/v1',
  'http://example.com%00@127.0.0.1:PORT/v1',
  'http://user:password@localhost:PORT/v1',
  'http://127.0.0.1:PORT#@example.com/v1',
  'http://127.0.0.1:PORT?@example.com/v1',
  'http://127.0.0.1:PORT\\@example.com/v1',
  'http://127.0.0.1:PORT/@example.com/v1',
  'http:\\\\127.0.0.1:PORT\\v1',
  'http:127.0.0.1:PORT/v1',
  'http:///127.0.0.1:PORT/v1',
  'http:/127.0.0.1:PORT/v1',
  'HTTP://127.0.0.1:PORT/v1',
  ' http://127.0.0.1:PORT/v1',
  'ht\ttp://127.0.0.1:PORT/v1',
  'http://127.0.\t0.1:PORT/v1',
  'http://127.0.\n0.1:PORT/v1',
  'http://127.0.0.1:0PORT/v1',
  'http://127.0.0.1:PORT/../../v1',
  'https://127.0.0.1:PORT/v1',
  'https://localhost:PORT/v1',
  'https://[::1]:PORT/v1',
  // No addresses at all, or of another kind.
  'http://[::1%25lo]:PORT/v1',
  'http://[fe80::1%25eth0]:PORT/v1',
  'http://[::ffff:127.0.0.1%25]:PORT/v1',
  'http://127.0.0.1:99999/v1',
  'http://256.256.256.256:PORT/v1',
  'file:///etc/passwd',
  'ftp://127.0.0.1:PORT/v1',
  'gopher://127.0.0.1:PORT/_GET',
  'unix:/var/run/docker.sock',
  'data:text/event-stream,data:%20x',
  'ws://127.0.0.1:PORT/v1',
  '//127.0.0.1:PORT/v1',
  '127.0.0.1:PORT/v1',
  'javascript:alert(1)',
]

/** Every spelling that must reach nobody, as an address of a provider. */
export function privateAddresses(port: number): string[] {
  const literals = [...PRIVATE_IPV4.flatMap(spellingsOf), ...OTHER_LITERALS]
  const names = [...Object.keys(PRIVATE_NAMES), ...DISGUISED_NAMES]
  const hosts = [...new Set([...literals, ...names])]
  return [
    ...hosts.map((host) => `http://${host}:${port}/v1`),
    ...WHOLE_URLS.map((url) => url.replace('PORT', String(port))),
  ]
}
