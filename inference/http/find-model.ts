import type { LoadedModel } from '../loading/load-model.ts'
import type { ModelRegistry } from '../loading/model-registry.ts'
import { ApiError } from './api-error.ts'

const LOADING_RETRY_SECONDS = 2

/** The model with this id. Throws ApiError when there is none, or none yet. */
export function findModel(registry: ModelRegistry, id: string): LoadedModel {
  const state = registry.get(id)
  if (state?.status === 'ready') return state.model
  if (state?.status === 'loading') {
    throw new ApiError('model_loading', `The model '${id}' is still loading.`, {
      param: 'model',
      headers: { 'retry-after': String(LOADING_RETRY_SECONDS) },
    })
  }
  throw new ApiError('model_not_found', `The model '${id}' does not exist.`, { param: 'model' })
}
