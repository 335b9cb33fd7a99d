import { Router } from 'express'
import type { Ready } from '../../shared/schemas/system.ts'

type HealthDeps = {
  /** Asks the database something trivial; rejects if it does not answer. */
  readonly ping: () => Promise<void>
  readonly projectorState: () => Ready['projector']
  readonly models: () => Ready['models']
}

/**
 * `/health/live`: the process answers. `/health/ready`: database and projector work; models are
 * told in the body and never make it 503, so that a balancer keeps an arena whose models load.
 */
export function healthRoutes({ ping, projectorState, models }: HealthDeps): Router {
  const router = Router()
  router.get('/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  router.get('/ready', async (_request, response) => {
    const database = await ping().then(
      () => 'ok' as const,
      () => 'failing' as const,
    )
    const projector = projectorState()
    const ready = database === 'ok' && projector === 'ok'
    const body: Ready = {
      status: ready ? 'ok' : 'unavailable',
      database,
      projector,
      models: models(),
    }
    response
      .status(ready ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json(body)
  })
  return router
}
