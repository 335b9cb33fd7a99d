import { z } from 'zod'
import { entryPath } from '../entry-path.ts'
import { answerProblem, reasonOf, unreachable } from './hub-error.ts'
import { linkAbortWithin } from '../../../server/providers/linked-abort.ts'

const MAX_FILES = 10_000
const MAX_ANSWER_BYTES = 32 * 1024 * 1024
/** How long one page of a listing may take, in milliseconds. */
const ANSWER_MS = 60_000

/** A model of the hub, by the name that its page has. */
export interface HubModel {
  readonly owner: string
  readonly name: string
  readonly revision: string
}

/** One file of a model, and what it must be to be that. */
export interface HubFile {
  readonly path: string
  readonly size: number
  /** SHA-256 of a large file, Git's own sum of a small one. */
  readonly digest: { readonly kind: 'sha256' | 'git'; readonly hex: string }
}

/** The files of a model at one commit. */
export interface HubListing {
  readonly commit: string
  readonly files: readonly HubFile[]
}

/** What talking to the hub needs. */
export interface HubOptions {
  /** Where the hub is, without a slash at the end. */
  readonly endpoint: string
  readonly token: string | undefined
  readonly signal: AbortSignal
}

const infoSchema = z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40}$/u) })
const sizeSchema = z.int().nonnegative()
const treeSchema = z.array(
  z.looseObject({
    type: z.string(),
    path: z.string(),
    size: sizeSchema.optional(),
    oid: z.string().optional(),
    lfs: z.looseObject({ oid: z.string(), size: sizeSchema }).nullish(),
  }),
)

/** `owner/name` or `owner/name@revision`; null when it is neither. */
export function hubModel(source: string): HubModel | null {
  const match = /^([\w][\w.-]*)\/([\w][\w.-]*)(?:@([\w][\w./-]*))?$/u.exec(source)
  if (!match) return null
  const [, owner = '', name = '', revision = 'main'] = match
  return { owner, name, revision }
}

/** What is sent with every request to the hub itself. */
export function headersOf({ token }: HubOptions): Record<string, string> {
  return {
    'user-agent': 'trivium-models/1',
    // Sums are of the bytes as they lie there, and so are ranges.
    'accept-encoding': 'identity',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
}

/** Lists the files of a model. Throws an Error of one sentence when it cannot be read. */
export async function listFiles(model: HubModel, options: HubOptions): Promise<HubListing> {
  const base = `${options.endpoint}/api/models/${model.owner}/${model.name}`
  const what = `${model.owner}/${model.name}@${model.revision}`
  const revision = encodeURIComponent(model.revision)
  const { sha } = (await ask(`${base}/revision/${revision}`, what, options, infoSchema)).value
  const files: HubFile[] = []
  let next: string | null = `${base}/tree/${sha}?recursive=true`
  while (next !== null) {
    const page: Answer<typeof treeSchema> = await ask(next, what, options, treeSchema)
    for (const entry of page.value) if (entry.type === 'file') files.push(fileOf(entry, what))
    if (files.length > MAX_FILES) throw new Error(`${what} has more than ${MAX_FILES} files`)
    next = nextPage(page.link, options.endpoint)
  }
  return { commit: sha, files }
}

type Answer<Schema extends z.ZodType> = { value: z.infer<Schema>; link: string | null }

async function ask<Schema extends z.ZodType>(
  url: string,
  what: string,
  options: HubOptions,
  schema: Schema,
): Promise<Answer<Schema>> {
  let response: Response
  let text: string
  const { signal, unlink } = linkAbortWithin(options.signal, ANSWER_MS)
  try {
    response = await fetch(url, { headers: headersOf(options), signal })
    text = await boundedText(response)
  } catch (cause) {
    options.signal.throwIfAborted()
    throw unreachable(options.endpoint, cause)
  } finally {
    unlink()
  }
  if (!response.ok) throw answerProblem(response, what, options.token !== undefined)
  try {
    return { value: schema.parse(JSON.parse(text)), link: response.headers.get('link') }
  } catch (cause) {
    throw new Error(`${what}: ${options.endpoint} does not answer as a hub of models does`, {
      cause,
    })
  }
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > MAX_ANSWER_BYTES) throw new Error('the answer has no end')
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function fileOf(entry: z.infer<typeof treeSchema>[number], what: string): HubFile {
  try {
    const { lfs } = entry
    const digest = lfs
      ? { kind: 'sha256' as const, hex: lfs.oid.replace(/^sha256:/u, '') }
      : { kind: 'git' as const, hex: entry.oid ?? '' }
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/u.test(digest.hex)) throw new Error('it has no sum')
    return { path: entryPath(entry.path), size: lfs?.size ?? entry.size ?? 0, digest }
  } catch (cause) {
    throw new Error(`${what} lists a file that cannot be taken: ${reasonOf(cause)}`, { cause })
  }
}

/** The page after this one, which must be of the same hub: the token goes there too. */
function nextPage(link: string | null, endpoint: string): string | null {
  const next = /<([^>]+)>\s*;\s*rel="next"/u.exec(link ?? '')?.[1]
  if (next === undefined) return null
  const url = new URL(next, endpoint)
  return url.origin === new URL(endpoint).origin ? url.href : null
}
