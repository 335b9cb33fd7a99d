import { Router, type Router as ExpressRouter } from 'express'
import { pageQuerySchema } from '../../shared/schemas/common.ts'
import type { AuditLog } from './audit.ts'
import type { Auth } from './auth.ts'

const auditQuerySchema = pageQuerySchema.extend({
  cursor: pageQuerySchema.shape.cursor.refine(
    (cursor) => cursor === undefined || /^\d{1,15}$/.test(cursor),
    'must be the nextCursor of the page before',
  ),
})

/** `GET /api/v1/admin/audit`. Mounted under `/api/v1/admin`. */
export function createAuditRoutes(
  audit: Pick<AuditLog, 'list'>,
  auth: Pick<Auth, 'requireScope'>,
): ExpressRouter {
  const router = Router()
  router.get('/audit', auth.requireScope('admin'), async (request, response) => {
    response.json(await audit.list(auditQuerySchema.parse(request.query)))
  })
  return router
}
