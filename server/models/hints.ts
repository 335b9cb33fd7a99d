import { ProviderError } from '../providers/provider.ts'

type Cause = {
  readonly kind: ProviderError['kind']
  readonly status: number | undefined
  /** Its message, and the codes of what caused it. */
  readonly words: string
  /** Where it was asked for; empty where that is not known. */
  readonly baseUrl: string
}
type Rule = { readonly when: (cause: Cause) => boolean; readonly hint: string }

const says = (pattern: RegExp) => (cause: Cause) => pattern.test(cause.words)
const has = (...statuses: number[]) => {
  return ({ status }: Cause) => status !== undefined && statuses.includes(status)
}
const is = (kind: Cause['kind']) => (cause: Cause) => cause.kind === kind

// The first that fits is told: from what is plain to what is likely.
const RULES: readonly Rule[] = [
  {
    // No provider lives at link-local addresses, but the credentials of a cloud's machine do.
    when: (cause) => is('address-refused')(cause) && says(/link-local or metadata/)(cause),
    hint: 'The arena connects to addresses of the open internet only, and no provider is expected at this one. Is the address right?',
  },
  {
    when: is('address-refused'),
    hint: 'The arena connects to addresses of the open internet only. If this one is yours, name it in PROVIDER_ALLOWED_HOSTS and start the arena again.',
  },
  {
    when: has(401, 403),
    hint: 'The provider refuses the key. Is it complete, still valid, and allowed to use this model?',
  },
  {
    when: has(402),
    hint: 'The account behind the key has no credit left.',
  },
  {
    when: (cause) =>
      has(404, 405)(cause) && /\/(?:chat\/completions|v1\/messages)\/?$/.test(cause.baseUrl),
    hint: 'The base address already ends in the path of a call, which the arena adds by itself: let it end before /chat/completions (or /v1/messages).',
  },
  {
    when: has(404, 405),
    hint: 'The model id or the path is not known there. A base address ends before /chat/completions, mostly with /v1.',
  },
  {
    when: has(400, 422),
    hint: 'The provider refuses a field of the request. Its message says which: try without extra fields, answer prefix or sampling, or choose its dialect.',
  },
  {
    when: has(413),
    hint: 'The request is too long for the provider: set caps.maxInputCharacters.',
  },
  {
    when: (cause) => has(429)(cause) || (is('overloaded')(cause) && cause.status === undefined),
    hint: 'The provider lets no more requests through now: a rate limit of the account, or no credit. Wait, or set limits.requestsPerMinute.',
  },
  {
    when: ({ status = 0, words }) => (status >= 300 && status < 400) || /redirect/i.test(words),
    hint: 'The address redirects, and redirects are never followed. Register the address that it leads to, often the one with https or without a slash too many.',
  },
  {
    when: ({ status = 0 }) => status >= 500,
    hint: 'The provider has a problem of its own. Try again later, or look at its status page.',
  },
  {
    when: says(/ECONNREFUSED/),
    hint: 'Nothing listens at this address and port. Is the server running, and on all interfaces rather than on its own loopback?',
  },
  {
    when: says(/ENOTFOUND|EAI_AGAIN|cannot be resolved|has no address/),
    hint: 'The host name leads nowhere. Is it spelt right, and known to the DNS that the arena uses?',
  },
  {
    when: says(/wrong version number|packet length too long|EPROTO|http_request/i),
    hint: 'The server does not speak TLS at this port: try http:// instead of https://.',
  },
  {
    when: says(/cert|self.signed|issuer|altname|\bTLS with\b|\bSSL\b/i),
    hint: 'No safe connection can be made: the certificate is not valid for this name, or signed by somebody unknown (NODE_EXTRA_CA_CERTS lets Node know of your own authority).',
  },
  {
    when: says(/EHOSTUNREACH|ENETUNREACH/),
    hint: 'There is no way to this address from here. Does the arena reach the internet, and this network?',
  },
  {
    when: says(/no connection within/),
    hint: 'Nobody answers at this address: a firewall may drop the connection, or the host is down.',
  },
  {
    when: is('timeout'),
    hint: 'It took too long. A model that is loaded at its first request may be faster the second time; else allow it more time (FIRST_TOKEN_TIMEOUT_MS, TOKEN_GAP_TIMEOUT_MS, ANSWER_TIMEOUT_MS) or less output.',
  },
  {
    when: says(/text\/html|<html|<!doctype/i),
    hint: 'A web page came instead of an answer: the address is probably that of a site or a log-in, not of the API.',
  },
  {
    when: says(/application\/json|instead of a stream/),
    hint: 'The server answers in one piece. It has to stream (stream: true); is this the address of a chat completion API of the chosen kind?',
  },
  {
    when: is('protocol'),
    hint: 'What came is not what this kind of provider sends. Are kind and dialect the right ones?',
  },
  {
    when: is('interrupted'),
    hint: 'The connection ended in the middle of the answer. A proxy in between may cut long answers off.',
  },
  {
    when: (cause) => is('empty')(cause) && says(/length/)(cause),
    hint: 'All tokens went into reasoning: allow more of them (sampling.maxTokens), or less reasoning.',
  },
  {
    when: is('empty'),
    hint: 'The model ended without a word. Does it need other sampling, or is it no chat model?',
  },
  {
    when: is('not-running'),
    hint: 'The local inference is not running or does not serve this model: see INFERENCE and MODELS_DIR, and the log.',
  },
  {
    when: is('unsupported'),
    hint: 'This kind of provider cannot do what was asked.',
  },
  {
    when: is('connect'),
    hint: 'No connection could be made. Are address and port right?',
  },
]

/** What an administrator can do about a provider's failure, in words; null where nobody knows. */
export function hintFor(cause: unknown, baseUrl = ''): string | null {
  if (!(cause instanceof ProviderError)) return null
  const { kind, status = statusIn(cause.message) } = cause
  const words = [cause.message, ...codesOf(cause.cause)].join(' ')
  return RULES.find(({ when }) => when({ kind, status, words, baseUrl }))?.hint ?? null
}

function statusIn(message: string): number | undefined {
  const [, status] = /^HTTP (\d{3})\b/.exec(message) ?? []
  return status === undefined ? undefined : Number(status)
}

/** The codes along a chain of causes, such as `ECONNREFUSED`. */
function codesOf(cause: unknown): string[] {
  const codes: string[] = []
  for (let each = cause, depth = 0; each !== undefined && depth < 5; depth += 1) {
    if (typeof each === 'string') codes.push(each)
    if (typeof each !== 'object' || each === null) break
    if ('code' in each) codes.push(String(each.code))
    each = 'cause' in each ? each.cause : undefined
  }
  return codes
}
