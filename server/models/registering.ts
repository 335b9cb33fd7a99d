import type {
  KeylessProviderInput,
  ProviderDefinition,
  ProviderInput,
  Registration,
  Retired,
} from '../../shared/schemas/model.ts'
import { effectiveBaseUrl } from '../providers/effective-base-url.ts'
import type { Sealer } from '../secrets/sealer.ts'
import { checkWhole, newModel, splitProvider } from './change.ts'
import type { EndpointCheck } from './endpoint-check.ts'
import { keyContext, type Model } from './model.ts'

/** What is registered: alone, or out of a file, then perhaps without its key, or retired already. */
export type NewEntry = Omit<Registration, 'provider'> & {
  readonly provider: ProviderInput | KeylessProviderInput
  readonly retired?: Retired | undefined
}

/** Makes models of what was sent. */
export type Registering = {
  /** Refuses what cannot be registered, but for a slug in use; throws a `FailureError`. */
  examine(entry: NewEntry): Promise<void>
  toModel(entry: NewEntry): Model
  /** Refuses an address that no connection would be made to. */
  checkAddress(provider: ProviderDefinition): Promise<void>
  /** The model with a key sealed for its address; without one, with the sealed one that is kept. */
  withKey(model: Model, apiKey: string | undefined, kept: string | null): Model
}

export function createRegistering(deps: {
  sealer: Sealer
  checkEndpoint: EndpointCheck
  clock: () => number
}): Registering {
  const { sealer, checkEndpoint, clock } = deps

  const checkAddress: Registering['checkAddress'] = async (provider) => {
    const baseUrl = effectiveBaseUrl(provider)
    if (baseUrl !== undefined) await checkEndpoint(baseUrl)
  }

  const withKey: Registering['withKey'] = (model, apiKey, kept) => {
    const context = keyContext(model.slug, model.current.provider)
    return { ...model, sealedKey: apiKey === undefined ? kept : sealer.seal(apiKey, context) }
  }

  return {
    checkAddress,
    withKey,

    async examine(entry) {
      const { provider } = splitProvider(entry.provider)
      checkWhole(newModel(entry, provider, clock()))
      await checkAddress(provider)
    },

    toModel(entry) {
      const { provider, apiKey } = splitProvider(entry.provider)
      const model = withKey(newModel(entry, provider, clock()), apiKey, null)
      if (entry.retired === undefined) return model
      const at = Math.min(Date.parse(entry.retired.at), clock())
      return { ...model, retired: { at, reason: entry.retired.reason } }
    },
  }
}
