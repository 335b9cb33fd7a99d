import { LineCounter, parseDocument, stringify, visit } from 'yaml'
import type { ImportFormat } from '../../../shared/schemas/admin.ts'
import { err, ok, type Result } from '../../../shared/result.ts'
import { lineOfDoubledField } from './doubled-field.ts'
import type { Entry } from './entry.ts'

/** No registration is nested so deeply. */
const MOST_LEVELS = 24
const MOST_ENTRIES = 1000

/** What a file holds: entries of our own form, or FastChat's, by their display names. */
export type Parsed =
  | { readonly format: 'yaml' | 'json'; readonly entries: readonly unknown[] }
  | { readonly format: 'fastchat'; readonly entries: readonly (readonly [string, unknown])[] }

/** A file of models, in the form that {@link parseModels} reads. */
export function printModels(format: 'yaml' | 'json', entries: readonly Entry[]): string {
  const file = { models: entries }
  if (format === 'json') return `${JSON.stringify(file, undefined, 2)}\n`
  // Nothing is folded: some texts would come back with other blanks.
  return stringify(file, { lineWidth: 0, aliasDuplicateObjects: false })
}

/**
 * Reads a file of models: `models:` with a list, or the list alone, or FastChat's
 * `api_endpoints.json`.
 *
 * @param format found out from the text where it is left out
 * @returns or why it cannot be read, in words that quote nothing of it: it may hold keys
 */
export function parseModels(
  text: string,
  format: ImportFormat | undefined,
): Result<Parsed, string> {
  const looksLikeJson = /^\s*[[{]/.test(text)
  const asJson =
    format === 'json' || format === 'fastchat' || (format === undefined && looksLikeJson)
  const read = asJson ? readJson(text) : readYaml(text)
  // Braces alone do not make JSON: YAML has them too.
  const again = !read.ok && asJson && format === undefined ? readYaml(text) : undefined
  if (!read.ok && again?.ok !== true) return read
  const value = read.ok ? read.value : again?.ok === true ? again.value : undefined
  if (isTooDeep(value)) return err(`is nested more than ${MOST_LEVELS} levels deep`)
  const kind = format ?? (isFastChat(value) ? 'fastchat' : read.ok && asJson ? 'json' : 'yaml')
  const parsed = kind === 'fastchat' ? fastChatEntries(value) : ownEntries(kind, value)
  if (!parsed.ok) return parsed
  const count = parsed.value.entries.length
  if (count === 0) return err('holds no models')
  if (count > MOST_ENTRIES) return err(`holds ${count} models; at most ${MOST_ENTRIES} are read`)
  return parsed
}

function ownEntries(format: 'yaml' | 'json', value: unknown): Result<Parsed, string> {
  if (Array.isArray(value)) return ok({ format, entries: value })
  if (!isObject(value)) return err('must be a list of models, or have one as its field "models"')
  const others = Object.keys(value).filter((name) => name !== 'models')
  if (others.length > 0) {
    return err(`has fields beside "models" that nobody knows: ${named(others)}`)
  }
  const { models } = value
  if (!Array.isArray(models)) return err('must have a list of models as its field "models"')
  return ok({ format, entries: models })
}

function fastChatEntries(value: unknown): Result<Parsed, string> {
  if (isObject(value)) return ok({ format: 'fastchat', entries: Object.entries(value) })
  return err('must be an object with one field a model, as FastChat has it')
}

/** FastChat's file has a field a model, whose value tells its `model_name`. */
function isFastChat(value: unknown): boolean {
  if (!isObject(value)) return false
  const models = Object.values(value)
  const isOne = (each: unknown) => isObject(each) && ('model_name' in each || 'api_type' in each)
  return models.length > 0 && models.every(isOne)
}

function readJson(text: string): Result<unknown, string> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    if (cause instanceof RangeError) return err('is nested too deeply')
    const [, position] = /at position (\d+)/.exec(String(cause)) ?? []
    const where = position === undefined ? '' : `: line ${lineOf(text, Number(position))} is wrong`
    return err(`is not valid JSON${where}`)
  }
  // JSON lets the last of two equal names win; whoever has both in a file has made a mistake.
  const line = lineOfDoubledField(text)
  return line === undefined ? ok(value) : err(`names a field twice, in line ${line}`)
}

function readYaml(text: string): Result<unknown, string> {
  const counter = new LineCounter()
  try {
    const document = parseDocument(text, { prettyErrors: false, lineCounter: counter })
    const [problem] = document.errors
    if (problem !== undefined) {
      const { line } = counter.linePos(problem.pos[0])
      return err(
        `is not valid YAML: line ${line}, ${problem.code.toLowerCase().replaceAll('_', ' ')}`,
      )
    }
    let alias: number | undefined
    visit(document, {
      Alias(_key, node) {
        alias = counter.linePos(node.range?.[0] ?? 0).line
        return visit.BREAK
      },
    })
    // A few of them can stand for more than any memory holds.
    if (alias !== undefined) return err(`has an alias (*) in line ${alias}: write it out`)
    return ok(document.toJS())
  } catch (cause) {
    return err(cause instanceof RangeError ? 'is nested too deeply' : 'is not valid YAML')
  }
}

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS) return true
    level = level.flatMap((each) =>
      typeof each === 'object' && each !== null ? (Object.values(each) as unknown[]) : [],
    )
  }
  return false
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

/** Some field names, short enough to be read; names of fields are no secrets. */
function named(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 40)))
  return shown.join(', ') + (names.length > shown.length ? ', …' : '')
}
