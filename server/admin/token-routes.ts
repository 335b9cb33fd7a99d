import { Router, type Router as ExpressRouter } from 'express'
import { failure } from '../../shared/errors.ts'
import { newTokenSchema, type CreatedToken, type TokenView } from '../../shared/schemas/admin.ts'
import { FailureError } from '../http/failure.ts'
import { actorOf, type Auth } from './auth.ts'
import type { TokenRow } from './token-repository.ts'
import type { Tokens } from './tokens.ts'

/** `/api/v1/admin/tokens`: made, listed, revoked. Mounted under `/api/v1/admin`. */
export function createTokenRoutes(
  tokens: Pick<Tokens, 'create' | 'list' | 'revoke'>,
  auth: Pick<Auth, 'requireScope'>,
): ExpressRouter {
  const admin = auth.requireScope('admin')
  const router = Router()
  router.get('/tokens', admin, async (_request, response) => {
    response.json({ items: (await tokens.list()).map(viewOf) })
  })
  router.post('/tokens', admin, async (request, response) => {
    const wanted = newTokenSchema.parse(request.body)
    const { token, ...row } = await tokens.create(wanted, actorOf(response.locals))
    response.status(201).json({ ...viewOf(row), token } satisfies CreatedToken)
  })
  router.delete('/tokens/:id', admin, async (request, response) => {
    const id = String(request.params['id'])
    const outcome = await tokens.revoke(id, actorOf(response.locals), { spareLast: true })
    if (outcome === 'unknown') {
      throw new FailureError(failure('not_found', `There is no token "${id}".`))
    }
    if (outcome === 'last') {
      const message =
        'This is the last token of scope admin: nobody could administer without it. Make another first.'
      throw new FailureError(failure('conflict', message))
    }
    response.status(204).end()
  })
  return router
}

function viewOf({ id, name, scope, createdAt, revokedAt }: TokenRow): TokenView {
  return {
    id,
    name,
    scope,
    createdAt: new Date(createdAt).toISOString(),
    revokedAt: revokedAt === null ? null : new Date(revokedAt).toISOString(),
  }
}
