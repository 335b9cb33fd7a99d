import type { z } from 'zod'
import { failure, type Failure } from '../../../shared/errors.ts'
import type { ImportFormat, ImportResult, importSchema } from '../../../shared/schemas/admin.ts'
import { FailureError } from '../../http/failure.ts'
import { toInvalidInput } from '../../http/issues.ts'
import { dialectOf } from '../../providers/openai-dialects.ts'
import { inParallel } from '../in-parallel.ts'
import type { Model } from '../model.ts'
import type { Roster } from '../roster.ts'
import type { ModelsService } from '../service.ts'
import { parseModels, printModels, type Parsed } from './document.ts'
import { entrySchema, toEntry, type Entry } from './entry.ts'
import { fromFastChat, toFastChat } from './fastchat.ts'

/** How many addresses are looked up at once. */
const CHECKS_AT_ONCE = 8

/** So many faults of an entry are told. */
const MAX_NAMED = 5

/** Dialects of hosts of one's own: they may do without a key. */
const OWN_HOSTS = new Set(['generic', 'vllm', 'llamacpp', 'ollama', 'lmstudio'])

const KEY_NEEDED = 'a key has to be given afterwards: it cannot answer before'
const KEY_MAYBE = 'no key is given: give one afterwards if its service asks for one'

export type ImportInput = z.infer<typeof importSchema>

/** Registries as files. */
export type Exchange = {
  /** All models as text; never with keys. */
  export(format: ImportFormat, withRetired: boolean): string
  /**
   * Registers what a file holds: all of it that is new, or nothing while an entry cannot be used.
   *
   * @throws FailureError `invalid_input` of `text` if it cannot be read at all
   */
  import(input: ImportInput, actor: string): Promise<ImportResult>
}

type Item = ImportResult['items'][number]
type Checked = { readonly item: Item; readonly entry: Entry | undefined }

export function createExchange(deps: {
  roster: Pick<Roster, 'all' | 'get'>
  service: Pick<ModelsService, 'examine' | 'registerAll'>
}): Exchange {
  const { roster, service } = deps

  /** What is wrong with an entry, if anything; its address is looked up. */
  async function examine(checked: Checked): Promise<Checked> {
    const { item, entry } = checked
    if (entry === undefined) return checked
    if (roster.get(entry.slug) !== undefined) return { item: existing(item), entry }
    try {
      await service.examine(entry)
      return checked
    } catch (cause) {
      if (!(cause instanceof FailureError)) throw cause
      return { item: refused(item, cause.failure), entry }
    }
  }

  return {
    export(format, withRetired) {
      const models = roster.all().filter(({ retired }) => withRetired || retired === null)
      if (format === 'fastchat') return toFastChat(models.filter(isActive))
      return printModels(format, models.map(toEntry))
    },

    async import({ text, format, dryRun = false }, actor) {
      const parsed = parseModels(text, format)
      if (!parsed.ok) {
        const message = `text: ${parsed.error}`
        throw new FailureError(failure('invalid_input', message, { field: 'text' }))
      }
      const read = withoutDoubles(readEntries(parsed.value))
      const never = new AbortController().signal
      const checked: Checked[] = []
      for await (const one of inParallel(read, examine, CHECKS_AT_ONCE, never)) checked.push(one)
      checked.sort((left, right) => left.item.entry - right.item.entry)

      const result = { format: parsed.value.format, dryRun, registered: 0 }
      const isFaulty = checked.some(({ item }) => item.outcome === 'invalid')
      if (dryRun || isFaulty) return { ...result, items: checked.map(({ item }) => item) }

      const entries = checked.flatMap(({ item, entry }) =>
        item.outcome === 'would-register' && entry !== undefined ? [entry] : [],
      )
      const registered = await service.registerAll(entries, actor)
      const items = checked.map(({ item }): Item => {
        if (item.outcome !== 'would-register') return item
        return registered.has(item.slug ?? '') ? { ...item, outcome: 'registered' } : existing(item)
      })
      return { ...result, registered: registered.size, items }
    },
  }
}

function readEntries(parsed: Parsed): Checked[] {
  if (parsed.format !== 'fastchat') {
    return parsed.entries.map((value, index) => readEntry(value, index + 1, []))
  }
  return parsed.entries.map(([name, value], index) => {
    const read = fromFastChat(name, value)
    if (read.ok) return readEntry(read.entry, index + 1, read.notes)
    const item: Item = { entry: index + 1, slug: null, outcome: 'invalid', notes: [] }
    const message = read.field === '' ? read.message : `${read.field}: ${read.message}`
    const field = read.field === '' ? {} : { field: read.field }
    return { item: { ...item, ...field, message }, entry: undefined }
  })
}

function readEntry(value: unknown, number: number, notes: readonly string[]): Checked {
  const slug = (value as { slug?: unknown } | null | undefined)?.slug
  const item: Item = {
    entry: number,
    slug: typeof slug === 'string' ? slug.slice(0, 64) : null,
    outcome: 'would-register',
    notes: [...notes],
  }
  const parsed = entrySchema.safeParse(value)
  if (!parsed.success) {
    return { item: refused(item, toInvalidInput(parsed.error)), entry: undefined }
  }
  const entry = parsed.data
  return { item: { ...item, notes: [...notes, ...notesOf(entry)] }, entry }
}

/** Of two entries of one slug the second is wrong. */
function withoutDoubles(checked: readonly Checked[]): Checked[] {
  const first = new Map<string, number>()
  return checked.map(({ item, entry }) => {
    if (entry === undefined) return { item, entry }
    const before = first.get(entry.slug)
    first.set(entry.slug, before ?? item.entry)
    if (before === undefined) return { item, entry }
    const message = `slug: entry ${before} has the same`
    return {
      item: refused(item, failure('invalid_input', message, { field: 'slug' })),
      entry: undefined,
    }
  })
}

function notesOf({ provider, retired }: Entry): string[] {
  const notes: string[] = []
  const hasKey = provider.kind !== 'onnx' && provider.apiKey !== undefined
  const needsKey =
    provider.kind === 'anthropic' ||
    provider.kind === 'google' ||
    (provider.kind === 'openai-compatible' && !OWN_HOSTS.has(dialectOf(provider)))
  if (provider.kind !== 'onnx' && !hasKey && retired === undefined) {
    notes.push(needsKey ? KEY_NEEDED : KEY_MAYBE)
  }
  if (retired !== undefined) notes.push('is registered as retired')
  return notes
}

/** It is left alone, so that nothing has to be done afterwards. */
function existing(item: Item): Item {
  return { ...item, outcome: 'exists', notes: [] }
}

function refused(item: Item, { message, details }: Failure): Item {
  const field = details?.['field']
  const fields = (details?.['fields'] ?? []) as readonly { field: string; message: string }[]
  const words = fields.slice(0, MAX_NAMED).map((one) => `${one.field}: ${one.message}`)
  return {
    ...item,
    outcome: 'invalid',
    ...(typeof field === 'string' ? { field } : {}),
    message: words.length > 1 ? words.join('; ') : (message ?? 'cannot be used'),
  }
}

function isActive({ retired }: Model): boolean {
  return retired === null
}
