import { Router } from 'express'
import { battleListQuerySchema, type BattleSummary } from '../../shared/schemas/battle.ts'
import type { Page } from '../../shared/schemas/common.ts'
import { FailureError } from '../http/failure.ts'
import type { Visitors } from '../http/visitors.ts'
import type { BattleViews } from './views.ts'

/** `GET /api/v1/battles` and `GET /api/v1/battles/:battleId`. */
export function battleRoutes(views: BattleViews, visitors: Visitors): Router {
  const router = Router()
  router.get('/', async (request, response) => {
    const query = battleListQuerySchema.parse(request.query)
    if (query.mine !== '1' && query.mine !== 'true') {
      // Battles of others are shown once a screening has released them; none has yet.
      const nothing: Page<BattleSummary> = { items: [], nextCursor: null }
      response.json(nothing)
      return
    }
    const listed = await views.list(visitors.of(request).hash, query, query)
    if (!listed.ok) throw new FailureError(listed.error)
    response.json(listed.value)
  })
  router.get('/:battleId', async (request, response) => {
    const view = await views.view(request.params.battleId, visitors.of(request).hash)
    if (!view.ok) throw new FailureError(view.error)
    response.json(view.value)
  })
  return router
}
