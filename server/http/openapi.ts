import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  extendZodWithOpenApi,
} from '@asteasolutions/zod-to-openapi'
import * as z from 'zod'
import { ADMIN_COOKIE, CSRF_HEADER } from '../../shared/protocol.ts'
import { problemSchema } from '../../shared/schemas/common.ts'
import { ACCESS_CALLS } from './openapi/access-calls.ts'
import type { Call } from './openapi/call.ts'
import { PUBLIC_CALLS } from './openapi/public-calls.ts'
import { REGISTRY_CALLS } from './openapi/registry-calls.ts'

extendZodWithOpenApi(z)

/** Every HTTP call of the arena, by the schemas that check and type it. */
export const CALLS: readonly Call[] = [...PUBLIC_CALLS, ...ACCESS_CALLS, ...REGISTRY_CALLS]

/** The OpenAPI 3.1 document, derived from the schemas that the calls are checked with. */
export function createOpenApiDocument(): object {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: ADMIN_COOKIE,
    description: `Of a browser that signed in; calls that change something also need ${CSRF_HEADER}.`,
  })
  const problem = {
    description: 'A problem (RFC 9457) with a stable code',
    content: { 'application/problem+json': { schema: problemSchema } },
  }
  for (const call of CALLS) {
    registry.registerPath({
      method: call.method,
      path: call.path,
      summary: call.summary,
      tags: [call.tag],
      ...securityOf(call),
      request: {
        ...(call.query === undefined ? {} : { query: call.query }),
        ...(call.params === undefined ? {} : { params: call.params }),
        ...(call.body === undefined
          ? {}
          : { body: { content: { 'application/json': { schema: call.body } } } }),
      },
      responses: {
        ...Object.fromEntries(
          Object.entries(call.answers).map(([status, { description, schema, type }]) => [
            status,
            schema === undefined
              ? { ...(Number(status) < 400 ? {} : problem), description }
              : { description, content: { [type ?? 'application/json']: { schema } } },
          ]),
        ),
        default: problem,
      },
    })
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Trivium',
      version: '1',
      description:
        'An arena for language models. Battles and votes go over Socket.IO; boards, models, exports and administration over HTTP.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
  })
}

function securityOf({ token, session, path }: Call) {
  if (session === true) {
    return { security: [{ session: [] }], description: 'Needs the cookie of a session.' }
  }
  if (token === undefined) return {}
  return {
    // The cookie goes to the calls of administration alone.
    security: [{ token: [] }, ...(path.startsWith('/api/v1/admin/') ? [{ session: [] }] : [])],
    description: `Needs a token of scope ${token} or above.`,
  }
}
