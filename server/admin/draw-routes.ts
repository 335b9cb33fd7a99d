import { Router, type Router as ExpressRouter } from 'express'
import { drawPreviewSchema, type DrawPreview } from '../../shared/schemas/admin.ts'
import type { Auth } from './auth.ts'
import type { DrawChange } from './draw-preview.ts'

/** `POST /api/v1/admin/draw`: what weights do; changes nothing. Mounted under `/api/v1/admin`. */
export function createDrawRoutes(
  preview: (change: DrawChange) => DrawPreview,
  auth: Pick<Auth, 'requireScope'>,
): ExpressRouter {
  const router = Router()
  router.post('/draw', auth.requireScope('operator'), (request, response) => {
    response.json(preview(drawPreviewSchema.parse(request.body ?? {})))
  })
  return router
}
