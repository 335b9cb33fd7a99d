import type { ProviderDefinition } from '../../shared/schemas/model.ts'
import type { AnswerTimeouts } from '../config.ts'
import { createAnthropicProvider } from '../providers/anthropic.ts'
import { createGoogleProvider } from '../providers/google.ts'
import { createOpenAiProvider } from '../providers/openai-compatible.ts'
import { ProviderError, type Provider } from '../providers/provider.ts'
import { withTimeouts } from '../providers/timeouts.ts'
import type { Transport } from '../providers/transport.ts'
import type { Sealer } from '../secrets/sealer.ts'
import type { Embedded } from './embedded.ts'
import { keyContext, type Model, type ModelVersion } from './model.ts'

/** Makes the provider of one version of a model, with its time-outs. */
export type ProviderFactory = (model: Model, version: ModelVersion) => Provider

export function createProviderFactory(deps: {
  /** To registered endpoints. */
  transport: Transport
  /** To the embedded inference. */
  embeddedTransport: Transport
  embedded: Pick<Embedded, 'baseUrl'>
  sealer: Sealer
  timeouts: AnswerTimeouts
  clock: () => number
}): ProviderFactory {
  const { transport, embeddedTransport, embedded, sealer, timeouts, clock } = deps

  const bare: ProviderFactory = (model, { provider }) => {
    switch (provider.kind) {
      case 'onnx': {
        const baseUrl = embedded.baseUrl()
        if (baseUrl === undefined) {
          throw new ProviderError('not-running', 'the embedded inference is not running')
        }
        return createOpenAiProvider({ baseUrl, model: provider.model }, embeddedTransport, clock)
      }
      case 'openai-compatible': {
        const apiKey = openKey(model, provider)
        return createOpenAiProvider({ ...provider, apiKey }, transport, clock)
      }
      case 'anthropic': {
        const apiKey = neededKey(model, provider)
        return createAnthropicProvider({ ...provider, apiKey }, transport, clock)
      }
      case 'google': {
        const apiKey = neededKey(model, provider)
        return createGoogleProvider({ ...provider, apiKey }, transport, clock)
      }
    }
  }

  /** The key of a model, for the address of one of its versions; undefined if it has none there. */
  function openKey(model: Model, provider: ProviderDefinition): string | undefined {
    const { slug, sealedKey, current } = model
    const context = keyContext(slug, provider)
    // An older version may talk to another place, where the present key must not go.
    if (sealedKey === null || context !== keyContext(slug, current.provider)) return undefined
    const apiKey = sealer.open(sealedKey, context)
    if (apiKey !== undefined) return apiKey
    throw new ProviderError(
      'unsupported',
      'the stored API key cannot be opened with the keys of SECRET_FILE: give it again (provider.apiKey)',
    )
  }

  function neededKey(model: Model, provider: ProviderDefinition): string {
    const apiKey = openKey(model, provider)
    if (apiKey !== undefined) return apiKey
    throw new ProviderError(
      'unsupported',
      'no API key is stored for this address: give it (provider.apiKey)',
    )
  }

  return (model, version) => withTimeouts(bare(model, version), timeouts)
}
