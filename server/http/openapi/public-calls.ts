import * as z from 'zod'
import {
  battleListQuerySchema,
  battleSummarySchema,
  battleViewSchema,
} from '../../../shared/schemas/battle.ts'
import { pageQuerySchema, pageSchema } from '../../../shared/schemas/common.ts'
import { exportQuerySchema, exportedVoteSchema } from '../../../shared/schemas/export.ts'
import {
  boardQuerySchema,
  boardSchema,
  historyQuerySchema,
  historySchema,
  pairsSchema,
} from '../../../shared/schemas/leaderboard.ts'
import { modelCardSchema, modelVersionsSchema } from '../../../shared/schemas/model.ts'
import { readySchema } from '../../../shared/schemas/system.ts'
import { slugParams, type Call } from './call.ts'

/** What anybody may call; and the metrics, which need a token. */
export const PUBLIC_CALLS: readonly Call[] = [
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
    path: '/api/v1/models/{slug}/versions',
    summary: 'How each version of a model fares, rated as a contestant of its own',
    tag: 'models',
    params: slugParams,
    answers: {
      200: { description: 'The versions, the newest first', schema: modelVersionsSchema },
    },
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
    path: '/metrics',
    summary: 'Prometheus metrics',
    tag: 'health',
    token: 'read',
    answers: { 200: { description: 'Metrics', schema: z.string(), type: 'text/plain' } },
  },
]
