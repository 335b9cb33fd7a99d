import { failure } from '../../shared/errors.ts'
import type { Page, PageQuery } from '../../shared/schemas/common.ts'
import type {
  AdminModel,
  Change,
  CheckResult,
  ProviderDefinition,
  Registration,
} from '../../shared/schemas/model.ts'
import type { AuditLog } from '../admin/audit.ts'
import { FailureError } from '../http/failure.ts'
import type { Sealer } from '../secrets/sealer.ts'
import { applyChange, keepsKey, mergeProvider, newModel, splitProvider } from './change.ts'
import type { EndpointCheck } from './endpoint-check.ts'
import { baseUrlOf, keyContext, type Model } from './model.ts'
import { pageOf } from './page.ts'
import type { Probe } from './probe.ts'
import type { ModelRepository } from './repository.ts'
import { isOut, type Roster } from './roster.ts'
import { toAdminModel, toCard, type UnratedCard } from './views.ts'

/** What can be done with models. Failures are thrown as {@link FailureError}. */
export type ModelsService = {
  register(input: Registration, actor: string): Promise<AdminModel>
  change(slug: string, change: Change, actor: string): Promise<AdminModel>
  retire(slug: string, reason: string | undefined, actor: string): Promise<void>
  /** Asks the model for a few words. A failure is a result, not an error. */
  check(slug: string, actor: string): Promise<CheckResult>
  get(slug: string): AdminModel
  list(query: PageQuery): Page<AdminModel>
  card(slug: string): UnratedCard
  cards(query: PageQuery): Page<UnratedCard>
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
  clock: () => number
}

export function createModelsService(deps: ModelsServiceDeps): ModelsService {
  const { repository, roster, sealer, audit, checkEndpoint, probe, clock } = deps
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

  const view = (model: Model) => toAdminModel(model, roster.breaker(model.slug).health())

  function withKey(model: Model, apiKey: string | undefined, kept: string | null): Model {
    const context = keyContext(model.slug, model.current.provider)
    return { ...model, sealedKey: apiKey === undefined ? kept : sealer.seal(apiKey, context) }
  }

  async function checkAddress(provider: ProviderDefinition): Promise<void> {
    const baseUrl = baseUrlOf(provider)
    if (baseUrl !== undefined) await checkEndpoint(baseUrl)
  }

  /** Tells administrators early what battles would find out; nobody waits for it. */
  async function probeBeside(model: Model): Promise<void> {
    const result = await probe(model)
    if (roster.get(model.slug)?.current !== model.current || result.error === undefined) return
    roster.breaker(model.slug).note(result.error)
  }

  return {
    async register(input, actor) {
      const { provider, apiKey } = splitProvider(input.provider)
      await checkAddress(provider)
      return inTurn(async () => {
        const model = withKey(newModel(input, provider, clock()), apiKey, null)
        if (!(await repository.insert(model, { actor, action: 'model.register' }))) {
          const message = `The slug "${input.slug}" is in use, and stays so when a model retires.`
          throw new FailureError(failure('conflict', message, { field: 'slug' }))
        }
        roster.put(model)
        void probeBeside(model)
        return view(model)
      })
    },

    change(slug, change, actor) {
      return inTurn(async () => {
        const model = find(slug)
        if (model.retired !== null) {
          throw new FailureError(failure('conflict', `The model "${slug}" is retired.`))
        }
        const stored = model.current.provider
        const { provider, apiKey } =
          change.provider === undefined
            ? { provider: stored, apiKey: undefined }
            : mergeProvider(stored, change.provider)
        if (change.provider !== undefined) await checkAddress(provider)
        const next = withKey(
          applyChange(model, change, provider, clock()),
          apiKey,
          keepsKey(stored, provider) ? model.sealedKey : null,
        )
        await repository.update(next, { actor, action: 'model.change' })
        roster.put(next)
        const anew =
          next.current !== model.current || apiKey !== undefined || (isOut(model) && !isOut(next))
        if (anew) {
          roster.breaker(slug).reset()
          void probeBeside(next)
        }
        if (isShownOtherwise(model, next)) for (const callback of displayCallbacks) callback(slug)
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
        await repository.update(next, { actor, action: 'model.retire' })
        roster.put(next)
      })
    },

    async check(slug, actor) {
      const model = find(slug)
      const result = await probe(model)
      if (roster.get(slug)?.current === model.current) {
        if (result.error === undefined) roster.breaker(slug).succeeded()
        else roster.breaker(slug).note(result.error)
      }
      await audit.record({ at: clock(), actor, action: 'model.check', subject: `model ${slug}` })
      return result
    },

    get: (slug) => view(find(slug)),
    list: (query) => pageOf(roster.all(), query, view),
    card: (slug) => toCard(find(slug)),
    cards: (query) => pageOf(roster.all(), query, toCard),
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
