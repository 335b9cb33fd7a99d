import type { IncomingMessage, ServerResponse } from 'node:http'
import { ApiError, toApiError } from './api-error.ts'
import { type ChatDependencies, chatCompletions } from './chat-completions.ts'
import { findModel } from './find-model.ts'
import { type HealthDependencies, health } from './health.ts'
import { sendError, sendJson, sendText } from './send.ts'
import type { LoadedModel } from '../loading/load-model.ts'

const MODEL_PATH = '/v1/models/'

/** What the answers need. */
export interface HandlerDependencies extends ChatDependencies {
  /** What was chosen to compute on. */
  readonly device: HealthDependencies['device']
}

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void

/** Answers every request there is; what goes wrong becomes an answer in OpenAI's form. */
export function createHandler(dependencies: HandlerDependencies): Handler {
  const { registry, scheduler, log, metrics, memory, device } = dependencies
  const routes = new Map<string, { method: 'GET' | 'POST'; handle: Handler }>([
    [
      '/health',
      {
        method: 'GET',
        handle: (_, response) => {
          const { status, body } = health({ registry, scheduler, memory, device })
          sendJson(response, status, body)
        },
      },
    ],
    [
      '/metrics',
      {
        method: 'GET',
        handle: async (_, response) => {
          sendText(response, metrics.contentType, await metrics.text())
        },
      },
    ],
    [
      '/v1/models',
      {
        method: 'GET',
        handle: (_, response) =>
          sendJson(response, 200, { object: 'list', data: registry.ready.map(describe) }),
      },
    ],
    [
      '/v1/chat/completions',
      {
        method: 'POST',
        handle: (request, response) => chatCompletions(dependencies, request, response),
      },
    ],
  ])

  return async (request, response) => {
    try {
      const [path = '/'] = (request.url ?? '/').split('?', 1)
      const route = path.startsWith(MODEL_PATH)
        ? { method: 'GET', handle: () => sendModel(response, path.slice(MODEL_PATH.length)) }
        : routes.get(path)
      if (!route)
        throw new ApiError('unknown_url', `Unknown request URL: ${request.method} ${path}.`)
      const isHead = request.method === 'HEAD' && route.method === 'GET'
      if (request.method !== route.method && !isHead) {
        throw new ApiError('method_not_allowed', `${path} answers ${route.method} only.`, {
          headers: { allow: route.method },
        })
      }
      await route.handle(request, response)
    } catch (error) {
      if (response.destroyed) return
      if (!(error instanceof ApiError)) log.error({ err: error }, 'a request failed')
      sendError(response, toApiError(error))
    }
  }

  function sendModel(response: ServerResponse, encoded: string): void {
    let id = encoded
    try {
      id = decodeURIComponent(encoded)
    } catch {
      // No model has such a name; the lookup says so.
    }
    sendJson(response, 200, describe(findModel(registry, id)))
  }
}

function describe(model: LoadedModel): object {
  return {
    id: model.id,
    object: 'model',
    created: model.created,
    owned_by: 'trivium',
    max_model_len: model.contextLength,
  }
}
