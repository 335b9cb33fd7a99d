import { Router, type Router as ExpressRouter } from 'express'
import { trySchema } from '../../shared/schemas/admin.ts'
import { actorOf, type Auth } from '../admin/auth.ts'
import { sendJsonLines } from '../http/json-lines.ts'
import type { ModelsService } from './service.ts'
import type { Tries } from './try.ts'

/**
 * `POST /api/v1/admin/try` and `POST /api/v1/admin/check`: models answer while one looks on. Mounted
 * under `/api/v1/admin`.
 */
export function createCheckRoutes(
  deps: { service: Pick<ModelsService, 'checkAll'>; tries: Tries },
  auth: Pick<Auth, 'requireScope'>,
): ExpressRouter {
  const router = Router()
  router.post('/try', auth.requireScope('admin'), async (request, response) => {
    const events = await deps.tries(trySchema.parse(request.body), actorOf(response.locals))
    await sendJsonLines(response, events)
  })
  router.post('/check', auth.requireScope('operator'), async (_request, response) => {
    const actor = actorOf(response.locals)
    await sendJsonLines(response, (signal) => deps.service.checkAll(actor, signal))
  })
  return router
}
