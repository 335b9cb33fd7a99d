import { Router, type Request, type Router as ExpressRouter } from 'express'
import { failure } from '../../shared/errors.ts'
import {
  alertQuerySchema,
  failureQuerySchema,
  type ModelFailure,
  type ModelFailureDetail,
} from '../../shared/schemas/admin.ts'
import { actorOf, type Auth } from '../admin/auth.ts'
import { FailureError } from '../http/failure.ts'
import type { Alerts } from './alerts.ts'
import type { FailureLog } from './failures.ts'

type HealthRoutesDeps = {
  readonly failures: Pick<FailureLog, 'list' | 'get'>
  /** What was sent when it failed. */
  readonly requestOf: (failure: ModelFailure) => Promise<ModelFailureDetail['request']>
  readonly alerts: Pick<Alerts, 'list' | 'acknowledge'>
  readonly auth: Pick<Auth, 'requireScope'>
}

/** Failures and alerts, for administrators. Mounted under `/api/v1/admin`. */
export function createHealthRoutes(deps: HealthRoutesDeps): ExpressRouter {
  const { failures, requestOf, alerts, auth } = deps
  const operator = auth.requireScope('operator')
  const router = Router()

  router.get('/failures', operator, async (request, response) => {
    response.json(await failures.list(failureQuerySchema.parse(request.query)))
  })

  // What visitors asked is in it.
  router.get('/failures/:id', auth.requireScope('admin'), async (request, response) => {
    const found = await failures.get(idOf(request))
    if (found === undefined) throw notFound('failure')
    const detail: ModelFailureDetail = { ...found, request: await requestOf(found) }
    response.json(detail)
  })

  router.get('/alerts', operator, async (request, response) => {
    response.json(await alerts.list(alertQuerySchema.parse(request.query)))
  })

  router.post('/alerts/:id/acknowledge', operator, async (request, response) => {
    const alert = await alerts.acknowledge(idOf(request), actorOf(response.locals))
    if (alert === undefined) throw notFound('alert')
    response.json(alert)
  })
  return router
}

/** The number in the path; what is none is nobody's, and neither is 0. */
function idOf(request: Request): number {
  const text = String(request.params['id'])
  return /^\d{1,15}$/.test(text) ? Number(text) : 0
}

function notFound(what: string): FailureError {
  return new FailureError(failure('not_found', `There is no such ${what}.`))
}
