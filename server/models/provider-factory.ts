import type { AnswerTimeouts } from '../config.ts'
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
    if (provider.kind === 'onnx') {
      const baseUrl = embedded.baseUrl()
      if (baseUrl === undefined) {
        throw new ProviderError('not-running', 'the embedded inference is not running')
      }
      return createOpenAiProvider({ baseUrl, model: provider.model }, embeddedTransport, clock)
    }
    if (provider.kind === 'openai-compatible') {
      const { sealedKey } = model
      const apiKey =
        sealedKey === null ? undefined : sealer.open(sealedKey, keyContext(model.slug, provider))
      return createOpenAiProvider({ ...provider, apiKey }, transport, clock)
    }
    throw new ProviderError('unsupported', `providers of kind ${provider.kind} come later`)
  }
  return (model, version) => withTimeouts(bare(model, version), timeouts)
}
