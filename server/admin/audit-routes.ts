import { Router, type Router as ExpressRouter } from 'express'
import { auditQuerySchema } from '../../shared/schemas/admin.ts'
import type { AuditLog } from './audit.ts'
import type { Auth } from './auth.ts'

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
