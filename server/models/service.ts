import { isDeepStrictEqual } from 'node:util'
import { failure } from '../../shared/errors.ts'
import type { CheckedModel } from '../../shared/schemas/admin.ts'
import type { Page, PageQuery } from '../../shared/schemas/common.ts'
import type {
  AdminModel,
  Change,
  CheckResult,
  ModelVersionView,
  Registration,
} from '../../shared/schemas/model.ts'
import type { AuditLog } from '../admin/audit.ts'
import { FailureError } from '../http/failure.ts'
import type { VersionFit } from '../ratings/version-fits.ts'
import type { Sealer } from '../secrets/sealer.ts'
import { changesOf } from './audit-details.ts'
import { applyChange, checkWhole, keepsKey, mergeProvider } from './change.ts'
import { createChecking } from './checking.ts'
import type { EndpointCheck } from './endpoint-check.ts'
import type { LimitGate } from './limits.ts'
import type { Model } from './model.ts'
import { pageOf } from './page.ts'
import type { Probe } from './probe.ts'
import { createRegistering, type NewEntry } from './registering.ts'
import type { ModelRepository } from './repository.ts'
import { isOut, type Roster } from './roster.ts'
import { toVersions } from './versions.ts'
import { toAdminModel, toCard, type ModelState, type UnratedCard } from './views.ts'

/** What can be done with models. Failures are thrown as {@link FailureError}. */
export type ModelsService = {
  register(input: Registration, actor: string): Promise<AdminModel>
  /** Refuses what registration would refuse, but for a slug in use. */
  examine(entry: NewEntry): Promise<void>
  /** Registers models that were examined. @returns the slugs of those whose slug was not in use */
  registerAll(entries: readonly NewEntry[], actor: string): Promise<ReadonlySet<string>>
  change(slug: string, change: Change, actor: string): Promise<AdminModel>
  /** Takes a model out of the draw; one that is out keeps its time, and takes a new reason. */
  pause(slug: string, reason: string | undefined, actor: string): Promise<AdminModel>
  /** Lets a model take part again. */
  resume(slug: string, actor: string): Promise<AdminModel>
  retire(slug: string, reason: string | undefined, actor: string): Promise<void>
  /** Asks the model for a few words. A failure is a result, not an error. */
  check(slug: string, actor: string): Promise<CheckResult>
  /** Asks all models that are not retired, some at a time, and tells each result as it comes. */
  checkAll(actor: string, signal: AbortSignal): AsyncIterable<CheckedModel>
  get(slug: string): AdminModel
  list(query: PageQuery): Page<AdminModel>
  card(slug: string): UnratedCard
  cards(query: PageQuery): Page<UnratedCard>
  /** @param fits what the boards say of the versions that have votes */
  versions(slug: string, fits: readonly VersionFit[]): ModelVersionView[]
  /** Calls back when what boards show of a model (name, organization, license) is another. */
  onDisplayChange(callback: (slug: string) => void): void
}

export type ModelsServiceDeps = {
  repository: ModelRepository
  roster: Roster
  sealer: Sealer
  audit: AuditLog
  checkEndpoint: EndpointCheck
  probe: Probe
  /** The probe beside a registration, a change or a resume failed. */
  onFailed?: (model: Model, error: string) => void
  gate: Pick<LimitGate, 'update'>
  /** How a model fares, for the lists of administrators. */
  stateOf: (model: Model) => ModelState
  clock: () => number
}

export function createModelsService(deps: ModelsServiceDeps): ModelsService {
  const { repository, roster, audit, gate, stateOf, clock } = deps
  const checking = createChecking(deps)
  const registering = createRegistering(deps)
  const displayCallbacks: ((slug: string) => void)[] = []

  // One change after the other: each begins with what the one before has written.
  let last: Promise<unknown> = Promise.resolve()
  function inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = last.then(act, act)
    last = mine.catch(() => undefined)
    return mine
  }

  function find(slug: string): Model {
    const model = roster.get(slug)
    if (model !== undefined) return model
    throw new FailureError(failure('not_found', `There is no model "${slug}".`))
  }

  function findActive(slug: string): Model {
    const model = find(slug)
    if (model.retired === null) return model
    throw new FailureError(failure('conflict', `The model "${slug}" is retired.`))
  }

  async function save(before: Model, next: Model, actor: string, action: string): Promise<void> {
    const act = { actor, action, details: changesOf(before, next) }
    await repository.update(next, act, before.sealedKey !== next.sealedKey)
    roster.put(next)
    gate.update(next)
  }

  /** What failed before says nothing about what is there now. */
  function beginAnew(model: Model): void {
    roster.breaker(model.slug).reset()
    checking.beside([model])
  }

  const view = (model: Model) => toAdminModel(model, stateOf(model))

  function insert(entries: readonly NewEntry[], actor: string): Promise<readonly Model[]> {
    return inTurn(async () => {
      const models = await repository.insertAll(
        entries.map((entry) => registering.toModel(entry)),
        (model) => ({
          actor,
          action: 'model.register',
          details: changesOf(undefined, model),
        }),
      )
      for (const model of models) roster.put(model)
      checking.beside(models.filter(({ retired }) => retired === null))
      return models
    })
  }

  return {
    examine: (entry) => registering.examine(entry),

    async register(input, actor) {
      await registering.examine(input)
      const [model] = await insert([input], actor)
      if (model !== undefined) return view(model)
      const message = `The slug "${input.slug}" is in use, and stays so when a model retires.`
      throw new FailureError(failure('conflict', message, { field: 'slug' }))
    },

    async registerAll(entries, actor) {
      const models = await insert(entries, actor)
      return new Set(models.map(({ slug }) => slug))
    },

    change(slug, change, actor) {
      return inTurn(async () => {
        const model = findActive(slug)
        const stored = model.current.provider
        const { provider, apiKey } =
          change.provider === undefined
            ? { provider: stored, apiKey: undefined }
            : mergeProvider(stored, change.provider)
        const kept = keepsKey(stored, provider) ? model.sealedKey : null
        const next = registering.withKey(
          applyChange(model, change, provider, clock()),
          apiKey,
          kept,
        )
        checkWhole(next)
        if (change.provider !== undefined) await registering.checkAddress(provider)
        await save(model, next, actor, 'model.change')
        const anew =
          next.current !== model.current || apiKey !== undefined || (isOut(model) && !isOut(next))
        if (anew) beginAnew(next)
        if (isShownOtherwise(model, next)) for (const callback of displayCallbacks) callback(slug)
        return view(next)
      })
    },

    pause(slug, reason, actor) {
      return inTurn(async () => {
        const model = findActive(slug)
        const now = clock()
        const paused = {
          at: model.paused?.at ?? now,
          reason: reason ?? model.paused?.reason ?? null,
        }
        if (!model.enabled && isDeepStrictEqual(paused, model.paused)) return view(model)
        const next: Model = { ...model, enabled: false, paused, updatedAt: now }
        await save(model, next, actor, 'model.pause')
        return view(next)
      })
    },

    resume(slug, actor) {
      return inTurn(async () => {
        const model = findActive(slug)
        if (model.enabled) return view(model)
        const next: Model = { ...model, enabled: true, paused: null, updatedAt: clock() }
        await save(model, next, actor, 'model.resume')
        beginAnew(next)
        return view(next)
      })
    },

    retire(slug, reason, actor) {
      return inTurn(async () => {
        const model = find(slug)
        if (model.retired !== null) return
        const now = clock()
        const retired = { at: now, reason: reason ?? null }
        const next: Model = { ...model, retired, updatedAt: now }
        await save(model, next, actor, 'model.retire')
      })
    },

    async check(slug, actor) {
      const result = await checking.one(find(slug))
      await audit.record({ at: clock(), actor, action: 'model.check', subject: `model ${slug}` })
      return result
    },

    async *checkAll(actor, signal) {
      const models = roster.all().filter(({ retired }) => retired === null)
      const subject = `${models.length} models`
      await audit.record({ at: clock(), actor, action: 'model.check-all', subject })
      yield* checking.each(models, signal)
    },

    get: (slug) => view(find(slug)),
    list: (query) => pageOf(roster.all(), query, view),
    card: (slug) => toCard(find(slug)),
    cards: (query) => pageOf(roster.all(), query, toCard),
    versions: (slug, fits) => toVersions(find(slug), fits),
    onDisplayChange: (callback) => void displayCallbacks.push(callback),
  }
}

function isShownOtherwise(before: Model, after: Model): boolean {
  return (
    before.name !== after.name ||
    before.organization !== after.organization ||
    before.license !== after.license
  )
}
