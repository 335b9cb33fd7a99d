import type { AdminModel } from '../../../shared/schemas/model.ts'
import { formTexts } from '../../texts/en-admin-form.ts'
import { draftOf, type Draft } from './draft.ts'
import { FIELD_PATHS, GROUPS, makesVersion, type Fault, type FieldPath } from './fields.ts'
import { parseField } from './parse.ts'

type Body = Record<string, unknown>
export type Built<T> = { ok: true; value: T } | { ok: false; faults: readonly Fault[] }

const PROVIDER_FIELDS: Readonly<Record<string, readonly FieldPath[]>> = {
  onnx: ['provider.model'],
  'openai-compatible': [
    'provider.baseUrl',
    'provider.model',
    'provider.apiKey',
    'provider.dialect',
    'provider.apiVersion',
    'provider.extra',
  ],
  anthropic: ['provider.baseUrl', 'provider.model', 'provider.apiKey', 'provider.extra'],
  google: ['provider.baseUrl', 'provider.model', 'provider.apiKey', 'provider.extra'],
}

/** Whether a field says something about a model of this kind. */
export function applies(kind: string, path: FieldPath): boolean {
  return (
    !path.startsWith('provider.') ||
    path === 'provider.kind' ||
    (PROVIDER_FIELDS[kind] ?? []).includes(path)
  )
}

const ALWAYS_NEEDED: ReadonlySet<FieldPath> = new Set([
  'slug',
  'name',
  'organization',
  'license',
  'provider.model',
] as const)

/** The fields that cannot be left empty; the key of a company's own API unless one is stored. */
export function isNeeded(kind: string, path: FieldPath, keyStored: boolean): boolean {
  if (path === 'provider.baseUrl') return kind === 'openai-compatible'
  if (path === 'provider.apiKey') return !keyStored && (kind === 'anthropic' || kind === 'google')
  return ALWAYS_NEEDED.has(path)
}

/** The body that registers a model, or what is missing or cannot be read. */
export function registrationOf(draft: Draft): Built<Body> {
  const { values, faults } = read(draft, FIELD_PATHS)
  const missing = needed(draft, values, FIELD_PATHS, false)
  if (faults.length + missing.length > 0) return { ok: false, faults: [...faults, ...missing] }
  return { ok: true, value: nest(values) }
}

/** What a change is: the body of the PATCH and what follows from it. */
export type Changed = {
  readonly body: Body
  readonly paths: readonly FieldPath[]
  /** Whether the model begins anew as a contestant. */
  readonly newVersion: boolean
  /** Whether its stored key is dropped, since the address is another. */
  readonly dropsKey: boolean
}

/** The fields that are filled in otherwise than the model has them. */
export function changedPaths(model: AdminModel, draft: Draft): readonly FieldPath[] {
  const before = draftOf(model)
  const kind = draft['provider.kind']
  return FIELD_PATHS.filter(
    (path) => path !== 'slug' && applies(kind, path) && !isSame(path, before[path], draft[path]),
  )
}

/** The body that changes a model: only what is other than before. */
export function changeOf(model: AdminModel, draft: Draft): Built<Changed> {
  const paths = changedPaths(model, draft)
  const kind = draft['provider.kind']
  const otherKind = kind !== model.provider.kind
  const otherPlace = otherKind || paths.includes('provider.baseUrl')
  const concerned = FIELD_PATHS.filter(
    (path) =>
      paths.includes(path) ||
      (otherKind && path.startsWith('provider.') && applies(kind, path)) ||
      GROUPS.some((group) => path.startsWith(`${group}.`)),
  )
  const { values, faults } = read(draft, concerned)
  const keyStored = model.provider.hasApiKey && !otherPlace
  const missing = needed(
    draft,
    values,
    [...concerned, ...(otherPlace ? (['provider.apiKey'] as const) : [])],
    keyStored,
  )
  // Of all that nothing else asks for, the weight alone has no value that means "none".
  const emptied = paths.flatMap((path) =>
    values.get(path) === undefined && path === 'weight'
      ? [{ path, message: formTexts.faults.cannotClear }]
      : [],
  )
  const wrong = [...faults, ...missing, ...emptied]
  if (wrong.length > 0) return { ok: false, faults: unique(wrong) }

  const body: Body = {}
  const nested = nest(values)
  for (const group of GROUPS) {
    const own = paths.filter((path) => path.startsWith(`${group}.`))
    if (own.length === 0) continue
    const whole = nested[group] ?? null
    // Sampling is replaced whole, and prices are there together or not at all; of the others the
    // arena keeps what is not named, which somebody else may have set meanwhile.
    body[group] =
      group === 'sampling' || (group === 'prices' && whole === null)
        ? whole
        : Object.fromEntries(
            own.map((path) => [path.slice(group.length + 1), values.get(path) ?? null]),
          )
  }
  const provider: Body = otherKind ? { ...(nested['provider'] as Body) } : {}
  for (const path of paths) {
    const value = values.get(path) ?? null
    if (path.startsWith('provider.')) {
      if (!otherKind) provider[path.slice('provider.'.length)] = value
    } else if (!path.includes('.')) body[path] = value
  }
  if (Object.keys(provider).length > 0) body['provider'] = provider
  return {
    ok: true,
    value: {
      body,
      paths,
      newVersion: paths.some(makesVersion),
      dropsKey: model.provider.hasApiKey && otherPlace && !values.has('provider.apiKey'),
    },
  }
}

/** The body of a try: what would answer. Of a registered model the stored key is used. */
export function tryOf(draft: Draft, prompt: string, model?: AdminModel): Built<Body> {
  const paths = FIELD_PATHS.filter((path) => makesVersion(path) || path === 'provider.apiKey')
  const { values, faults } = read(draft, paths)
  const moved =
    model !== undefined &&
    (draft['provider.kind'] !== model.provider.kind ||
      !isSame('provider.baseUrl', model.provider.baseUrl ?? '', draft['provider.baseUrl']))
  const keyStored = model !== undefined && model.provider.hasApiKey && !moved
  const missing = needed(draft, values, paths, keyStored)
  if (faults.length + missing.length > 0) return { ok: false, faults: [...faults, ...missing] }
  const { provider, ...rest } = nest(values)
  const sameKind = model !== undefined && draft['provider.kind'] === model.provider.kind
  return {
    ok: true,
    value: {
      ...(model === undefined ? {} : { slug: model.slug }),
      // What a registered model has and the draft has not is taken away for the try, too.
      provider: sameKind ? { ...cleared(draft, values), ...(provider as Body) } : provider,
      ...(model === undefined
        ? {}
        : { systemPrompt: null, answerPrefix: null, sampling: {}, caps: {} }),
      ...rest,
      ...(prompt.trim() === '' ? {} : { prompt: prompt.trim() }),
    },
  }
}

/** The optional fields of a provider that are left empty: null takes away what is stored. */
function cleared(draft: Draft, values: ReadonlyMap<FieldPath, unknown>): Body {
  const optional = ['baseUrl', 'dialect', 'apiVersion', 'extra'] as const
  return Object.fromEntries(
    optional
      .filter((name) => applies(draft['provider.kind'], `provider.${name}`))
      .filter((name) => !values.has(`provider.${name}`))
      .map((name) => [name, null]),
  )
}

function read(draft: Draft, paths: readonly FieldPath[]) {
  const values = new Map<FieldPath, unknown>()
  const faults: Fault[] = []
  for (const path of paths) {
    if (!applies(draft['provider.kind'], path)) continue
    const parsed = parseField(path, draft[path])
    if (!parsed.ok) faults.push({ path, message: parsed.message })
    else if (parsed.value !== undefined) values.set(path, parsed.value)
  }
  return { values, faults }
}

function needed(
  draft: Draft,
  values: ReadonlyMap<FieldPath, unknown>,
  paths: readonly FieldPath[],
  keyStored: boolean,
): Fault[] {
  const kind = draft['provider.kind']
  return paths.flatMap((path) =>
    isNeeded(kind, path, keyStored) && draft[path].trim() === '' && !values.has(path)
      ? [{ path, message: formTexts.faults.needed }]
      : [],
  )
}

function nest(values: ReadonlyMap<FieldPath, unknown>): Body {
  const body: Body = {}
  for (const [path, value] of values) {
    const [group, name] = path.split('.')
    if (name === undefined || group === undefined) body[path] = value
    else body[group] = { ...(body[group] as Body | undefined), [name]: value }
  }
  return body
}

function isSame(path: FieldPath, before: string, now: string): boolean {
  if (before === now) return true
  const [left, right] = [parseField(path, before), parseField(path, now)]
  return left.ok && right.ok && JSON.stringify(left.value) === JSON.stringify(right.value)
}

function unique(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.toReversed().map((fault) => [fault.path, fault])).values()].toReversed()
}
