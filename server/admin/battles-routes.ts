import { Router, type Router as ExpressRouter } from 'express'
import { adminBattleQuerySchema } from '../../shared/schemas/admin.ts'
import type { Auth } from './auth.ts'
import type { AdminBattles } from './battles.ts'

/** `GET /api/v1/admin/battles…`: every battle, with names. Mounted under `/api/v1/admin`. */
export function createAdminBattleRoutes(
  battles: AdminBattles,
  auth: Pick<Auth, 'requireScope'>,
): ExpressRouter {
  const admin = auth.requireScope('admin')
  const router = Router()
  router.get('/battles', admin, async (request, response) => {
    const { voted, ...query } = adminBattleQuerySchema.parse(request.query)
    const filter = { ...query, voted: voted === undefined ? undefined : voted === '1' }
    response.json(await battles.list(query, filter))
  })
  router.get('/battles/:battleId', admin, async (request, response) => {
    response.json(await battles.view(String(request.params['battleId'])))
  })
  return router
}
