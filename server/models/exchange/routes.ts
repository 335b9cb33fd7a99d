import { Router, type Router as ExpressRouter } from 'express'
import {
  exportModelsQuerySchema,
  importSchema,
  type ImportFormat,
} from '../../../shared/schemas/admin.ts'
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
): ExpressRouter {
  const admin = auth.requireScope('admin')
  const router = Router()
  router.get('/export', admin, (request, response) => {
    const { format, retired } = exportModelsQuerySchema.parse(request.query)
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
    response.json(await exchange.import(input, actorOf(response.locals)))
  })
  return router
}
