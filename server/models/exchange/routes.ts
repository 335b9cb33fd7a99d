import { Router, type Router as ExpressRouter } from 'express'
import {
  exportModelsQuerySchema,
  importSchema,
  type ImportFormat,
} from '../../../shared/schemas/admin.ts'
import type { AuditLog } from '../../admin/audit.ts'
import { actorOf, type Auth } from '../../admin/auth.ts'
import type { Exchange } from './exchange.ts'

const FILES: Readonly<Record<ImportFormat, { type: string; name: string }>> = {
  yaml: { type: 'application/yaml; charset=utf-8', name: 'trivium-models.yaml' },
  json: { type: 'application/json; charset=utf-8', name: 'trivium-models.json' },
  fastchat: { type: 'application/json; charset=utf-8', name: 'api_endpoints.json' },
}

/** `GET …/export` and `POST …/import`. Mounted under `/api/v1/admin/models`, before its slugs. */
export function createExchangeRoutes(
  exchange: Exchange,
  auth: Pick<Auth, 'requireScope'>,
  audit: Pick<AuditLog, 'record'>,
  now: () => number,
): ExpressRouter {
  const admin = auth.requireScope('admin')
  const router = Router()
  const record = (actor: string, action: string, details: Record<string, unknown>) =>
    audit.record({ at: now(), actor, action, subject: 'registry', details })
  router.get('/export', admin, async (request, response) => {
    const { format, retired } = exportModelsQuerySchema.parse(request.query)
    await record(actorOf(response.locals), 'registry.export', { format, retired: retired === '1' })
    const { type, name } = FILES[format]
    response.set({
      'Content-Type': type,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Cache-Control': 'no-store',
    })
    response.send(exchange.export(format, retired === '1'))
  })
  router.post('/import', admin, async (request, response) => {
    const input = importSchema.parse(request.body)
    const actor = actorOf(response.locals)
    const result = await exchange.import(input, actor)
    const { format, dryRun, registered, items } = result
    // Each model's own entry says what was registered; this one, that it was a file.
    if (!dryRun) {
      await record(actor, 'registry.import', { format, entries: items.length, registered })
    }
    response.json(result)
  })
  return router
}
