import { fails, type ConnectionFault } from './fault.ts'

/** What goes wrong before a request is sent. */
export const CONNECTION_FAULTS: readonly ConnectionFault[] = [
  {
    id: 'refused',
    what: 'refuses the connection',
    limit: 'connect',
    expect: fails('connect'),
    async address(site) {
      const closed = await site.closedPort()
      return { origin: `http://127.0.0.1:${closed.port}`, mend: () => closed.open() }
    },
  },
  {
    id: 'no-dns',
    what: 'has a name that cannot be resolved',
    limit: 'connect',
    expect: fails('connect'),
    address(site, name) {
      return {
        origin: `http://${name}:${site.port}`,
        begin: () => site.lead(name, 'nowhere'),
        mend: () => site.lead(name, ['127.0.0.1']),
      }
    },
  },
  {
    id: 'silent-dns',
    what: 'has a name whose resolver never answers',
    limit: 'connect',
    expect: fails('timeout'),
    address(site, name) {
      return {
        origin: `http://${name}:${site.port}`,
        begin: () => site.lead(name, 'never-answered'),
        mend: () => site.lead(name, ['127.0.0.1']),
      }
    },
  },
  {
    id: 'rebound-dns',
    what: 'has a name that leads to a private address since it was registered',
    limit: 'connect',
    expect: fails('address-refused'),
    address(site, name) {
      return {
        origin: `http://${name}:${site.port}`,
        begin: () => site.lead(name, ['10.1.2.3']),
        mend: () => site.lead(name, ['127.0.0.1']),
      }
    },
  },
  {
    id: 'closes-at-once',
    what: 'takes the connection and closes it',
    limit: 'first',
    expect: fails('connect', 'interrupted'),
    address: async (site) => ({ origin: `http://127.0.0.1:${await site.listener('closes')}` }),
  },
  {
    id: 'resets-at-once',
    what: 'takes the connection and resets it',
    limit: 'first',
    expect: fails('connect', 'interrupted'),
    address: async (site) => ({ origin: `http://127.0.0.1:${await site.listener('resets')}` }),
  },
  {
    id: 'never-reads',
    what: 'takes the connection and never reads or answers',
    limit: 'first',
    expect: fails('timeout'),
    address: async (site) => ({ origin: `http://127.0.0.1:${await site.listener('never-reads')}` }),
  },
  {
    id: 'speaks-first',
    what: 'speaks before it is asked, and no HTTP',
    limit: 'first',
    expect: fails('connect', 'protocol'),
    address: async (site) => ({
      origin: `http://127.0.0.1:${await site.listener('says-garbage')}`,
    }),
  },
  {
    id: 'tls-certificate',
    what: 'shows a certificate that nobody trusts',
    limit: 'connect',
    expect: fails('connect'),
    address: ({ tlsPort }) => ({ origin: `https://127.0.0.1:${tlsPort}` }),
  },
  {
    id: 'tls-plain',
    what: 'speaks plain HTTP where TLS is expected',
    limit: 'connect',
    expect: fails('connect'),
    address: async (site) => ({
      origin: `https://127.0.0.1:${await site.listener('says-garbage')}`,
    }),
  },
  {
    id: 'tls-silent',
    what: 'takes the connection and never shakes hands',
    limit: 'connect',
    expect: fails('timeout', 'connect'),
    address: async (site) => ({
      origin: `https://127.0.0.1:${await site.listener('never-reads')}`,
    }),
  },
  {
    id: 'plain-to-tls',
    what: 'expects TLS where plain HTTP is spoken',
    limit: 'first',
    expect: fails('connect', 'http-status', 'protocol'),
    address: ({ tlsPort }) => ({ origin: `http://127.0.0.1:${tlsPort}` }),
  },
]
