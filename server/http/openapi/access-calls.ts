import * as z from 'zod'
import {
  adminBattleQuerySchema,
  adminBattleSummarySchema,
  adminBattleViewSchema,
  auditQuerySchema,
  createdTokenSchema,
  newTokenSchema,
  sessionSchema,
  signInSchema,
  tokenViewSchema,
} from '../../../shared/schemas/admin.ts'
import { pageSchema } from '../../../shared/schemas/common.ts'
import { auditEntrySchema } from '../../../shared/schemas/system.ts'
import { idParams, type Call } from './call.ts'

/** Who administers, and what they can look into. */
export const ACCESS_CALLS: readonly Call[] = [
  {
    method: 'post',
    path: '/api/v1/admin/session',
    summary: 'Sign in with a token: sets the cookie of a session',
    tag: 'access',
    body: signInSchema,
    answers: {
      200: { description: 'Signed in', schema: sessionSchema },
      401: { description: 'The token is wrong, or has been revoked' },
      403: { description: 'The token is of scope judge' },
      429: { description: 'Ten tries have failed in a quarter of an hour; Retry-After says when' },
    },
  },
  {
    method: 'get',
    path: '/api/v1/admin/session',
    summary: 'Who is signed in, until when, and with which CSRF token',
    tag: 'access',
    session: true,
    answers: { 200: { description: 'The session', schema: sessionSchema } },
  },
  {
    method: 'delete',
    path: '/api/v1/admin/session',
    summary: 'Sign out',
    tag: 'access',
    session: true,
    answers: { 204: { description: 'Signed out' } },
  },
  {
    method: 'get',
    path: '/api/v1/admin/tokens',
    summary: 'All tokens, the revoked ones too; never the tokens themselves',
    tag: 'access',
    token: 'admin',
    answers: {
      200: { description: 'The tokens', schema: z.object({ items: z.array(tokenViewSchema) }) },
    },
  },
  {
    method: 'post',
    path: '/api/v1/admin/tokens',
    summary: 'Make a token: the answer is the only time that it is shown',
    tag: 'access',
    token: 'admin',
    body: newTokenSchema,
    answers: { 201: { description: 'Made', schema: createdTokenSchema } },
  },
  {
    method: 'delete',
    path: '/api/v1/admin/tokens/{id}',
    summary: 'Revoke a token; it and its sessions end at their next call',
    tag: 'access',
    token: 'admin',
    params: idParams,
    answers: {
      204: { description: 'Revoked, now or before' },
      409: { description: 'It is the last token of scope admin' },
    },
  },
  {
    method: 'get',
    path: '/api/v1/admin/audit',
    summary: 'Who did what to what, when, and what was changed',
    tag: 'access',
    token: 'admin',
    query: auditQuerySchema,
    answers: {
      200: { description: 'A page, the newest first', schema: pageSchema(auditEntrySchema) },
    },
  },
  {
    method: 'get',
    path: '/api/v1/admin/battles',
    summary: 'All battles, with names at any time',
    tag: 'access',
    token: 'admin',
    query: adminBattleQuerySchema,
    answers: {
      200: {
        description: 'A page, the newest first',
        schema: pageSchema(adminBattleSummarySchema),
      },
    },
  },
  {
    method: 'get',
    path: '/api/v1/admin/battles/{battleId}',
    summary: 'One battle whole: texts, reasoning, ends and failures',
    tag: 'access',
    token: 'admin',
    params: z.object({ battleId: z.string() }),
    answers: { 200: { description: 'The battle', schema: adminBattleViewSchema } },
  },
]
