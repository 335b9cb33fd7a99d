import {
  OpenAPIRegistry,
  OpenApiGeneratorV31,
  extendZodWithOpenApi,
} from '@asteasolutions/zod-to-openapi'
import * as z from 'zod'
import {
  battleListQuerySchema,
  battleSummarySchema,
  battleViewSchema,
} from '../../shared/schemas/battle.ts'
import { pageQuerySchema, pageSchema, problemSchema } from '../../shared/schemas/common.ts'
import { exportQuerySchema, exportedVoteSchema } from '../../shared/schemas/export.ts'
import {
  boardQuerySchema,
  boardSchema,
  historyQuerySchema,
  historySchema,
  pairsSchema,
} from '../../shared/schemas/leaderboard.ts'
import {
  adminModelSchema,
  changeSchema,
  checkResultSchema,
  modelCardSchema,
  registrationSchema,
  retireSchema,
} from '../../shared/schemas/model.ts'
import { auditEntrySchema, readySchema } from '../../shared/schemas/system.ts'

extendZodWithOpenApi(z)

type Call = {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
  summary: string
  tag: string
  token?: 'read' | 'operator' | 'admin'
  query?: z.ZodObject
  params?: z.ZodObject
  body?: z.ZodType
  answers: Record<number, { description: string; schema?: z.ZodType; type?: string }>
}

const slugParams = z.object({ slug: z.string() })

/** Every HTTP call of the arena, by the schemas that check and type it. */
export const CALLS: readonly Call[] = [
  {
    method: 'get',
    path: '/health/live',
    summary: 'Whether the process answers',
    tag: 'health',
    answers: { 200: { description: 'It does', schema: z.object({ status: z.literal('ok') }) } },
  },
  {
    method: 'get',
    path: '/health/ready',
    summary: 'Whether database and projector work, and how the models are',
    tag: 'health',
    answers: {
      200: { description: 'Ready', schema: readySchema },
      503: { description: 'Not ready, and what is not', schema: readySchema },
    },
  },
  {
    method: 'get',
    path: '/api/v1/leaderboard',
    summary: 'A board, with an ETag per version',
    tag: 'boards',
    query: boardQuerySchema,
    answers: {
      200: { description: 'The board', schema: boardSchema },
      304: { description: 'The version of If-None-Match is the present one' },
    },
  },
  {
    method: 'get',
    path: '/api/v1/leaderboard/history',
    summary:
      'Where models stood at the end of each hour of the last week and each day before, and now',
    tag: 'boards',
    query: historyQuerySchema,
    answers: {
      200: { description: 'Points in the order of time', schema: historySchema },
      304: { description: 'What If-None-Match holds is the present history' },
    },
  },
  {
    method: 'get',
    path: '/api/v1/pairs',
    summary: 'The win matrix of a board, every pair once, with predicted shares of wins',
    tag: 'boards',
    query: boardQuerySchema,
    answers: {
      200: { description: 'The matrix', schema: pairsSchema },
      304: { description: 'The version of If-None-Match is the present one' },
    },
  },
  {
    method: 'get',
    path: '/api/v1/models',
    summary: 'The public cards of all models',
    tag: 'models',
    query: pageQuerySchema,
    answers: { 200: { description: 'A page of cards', schema: pageSchema(modelCardSchema) } },
  },
  {
    method: 'get',
    path: '/api/v1/models/{slug}',
    summary: 'The public card of a model',
    tag: 'models',
    params: slugParams,
    answers: { 200: { description: 'The card', schema: modelCardSchema } },
  },
  {
    method: 'get',
    path: '/api/v1/battles',
    summary: "A visitor's own battles (mine=1), or released ones",
    tag: 'battles',
    query: battleListQuerySchema,
    answers: { 200: { description: 'A page', schema: pageSchema(battleSummarySchema) } },
  },
  {
    method: 'get',
    path: '/api/v1/battles/{battleId}',
    summary: 'A battle of the visitor who asks; names only after the vote',
    tag: 'battles',
    params: z.object({ battleId: z.string() }),
    answers: { 200: { description: 'The battle', schema: battleViewSchema } },
  },
  {
    method: 'get',
    path: '/api/v1/exports/votes',
    summary: 'Released votes in log order; with an administrator token the unreleased too',
    tag: 'research',
    query: exportQuerySchema,
    answers: {
      200: {
        description: 'One vote a line',
        schema: exportedVoteSchema,
        type: 'application/jsonl',
      },
    },
  },
  {
    method: 'get',
    path: '/api/v1/openapi.json',
    summary: 'This document',
    tag: 'health',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({}) } },
  },
  {
    method: 'get',
    path: '/api/v1/admin/models',
    summary: 'All models, with how they are reached and how they fare',
    tag: 'admin',
    token: 'operator',
    query: pageQuerySchema,
    answers: { 200: { description: 'A page', schema: pageSchema(adminModelSchema) } },
  },
  {
    method: 'post',
    path: '/api/v1/admin/models',
    summary: 'Register a model; it is drawn from the next battle on',
    tag: 'admin',
    token: 'admin',
    body: registrationSchema,
    answers: { 201: { description: 'Registered', schema: adminModelSchema } },
  },
  {
    method: 'get',
    path: '/api/v1/admin/models/{slug}',
    summary: 'One model',
    tag: 'admin',
    token: 'operator',
    params: slugParams,
    answers: { 200: { description: 'The model', schema: adminModelSchema } },
  },
  {
    method: 'patch',
    path: '/api/v1/admin/models/{slug}',
    summary: 'Change a model; what changes its answers makes a new version',
    tag: 'admin',
    token: 'admin',
    params: slugParams,
    body: changeSchema,
    answers: { 200: { description: 'The model', schema: adminModelSchema } },
  },
  {
    method: 'delete',
    path: '/api/v1/admin/models/{slug}',
    summary: 'Retire a model; its card and its slug stay',
    tag: 'admin',
    token: 'admin',
    params: slugParams,
    body: retireSchema,
    answers: { 204: { description: 'Retired' } },
  },
  {
    method: 'post',
    path: '/api/v1/admin/models/{slug}/check',
    summary: 'Probe a model with a tiny question',
    tag: 'admin',
    token: 'operator',
    params: slugParams,
    answers: { 200: { description: 'What the probe found', schema: checkResultSchema } },
  },
  {
    method: 'get',
    path: '/api/v1/admin/audit',
    summary: 'Who did what to what, when',
    tag: 'admin',
    token: 'admin',
    query: pageQuerySchema,
    answers: { 200: { description: 'A page', schema: pageSchema(auditEntrySchema) } },
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'Prometheus metrics',
    tag: 'health',
    token: 'read',
    answers: { 200: { description: 'Metrics', schema: z.string(), type: 'text/plain' } },
  },
]

/** The OpenAPI 3.1 document, derived from the schemas that the calls are checked with. */
export function createOpenApiDocument(): object {
  const registry = new OpenAPIRegistry()
  registry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })
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
      ...(call.token === undefined
        ? {}
        : {
            security: [{ token: [] }],
            description: `Needs a token of scope ${call.token} or above.`,
          }),
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
              ? { description }
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
