import { Router, type Request, type Router as ExpressRouter } from 'express'
import { pageQuerySchema } from '../../shared/schemas/common.ts'
import {
  changeSchema,
  registrationSchema,
  retireSchema,
  type ModelCard,
} from '../../shared/schemas/model.ts'
import { actorOf, type Auth } from '../admin/auth.ts'
import type { ModelsService } from './service.ts'
import type { UnratedCard } from './views.ts'

/** What the boards say of a model, for its card. */
export type RatingsOf = (slug: string) => ModelCard['ratings']

/** `GET /api/v1/models…`: the cards, for everybody. Mounted under `/api/v1/models`. */
export function createModelRoutes(
  service: Pick<ModelsService, 'card' | 'cards'>,
  ratingsOf: RatingsOf,
): ExpressRouter {
  const rated = (card: UnratedCard): ModelCard => ({ ...card, ratings: ratingsOf(card.slug) })
  const router = Router()
  router.get('/', (request, response) => {
    const page = service.cards(pageQuerySchema.parse(request.query))
    response.json({ ...page, items: page.items.map(rated) })
  })
  router.get('/:slug', (request, response) => {
    response.json(rated(service.card(slugOf(request))))
  })
  return router
}

/** Registration and care. Mounted under `/api/v1/admin/models`; bodies are parsed before. */
export function createAdminModelRoutes(
  service: ModelsService,
  auth: Pick<Auth, 'requireScope'>,
): ExpressRouter {
  const admin = auth.requireScope('admin')
  const operator = auth.requireScope('operator')
  const router = Router()
  router.get('/', operator, (request, response) => {
    response.json(service.list(pageQuerySchema.parse(request.query)))
  })
  router.post('/', admin, async (request, response) => {
    const registration = registrationSchema.parse(request.body)
    const model = await service.register(registration, actorOf(response.locals))
    response.status(201).location(`${request.baseUrl}/${model.slug}`).json(model)
  })
  router.get('/:slug', operator, (request, response) => {
    response.json(service.get(slugOf(request)))
  })
  router.patch('/:slug', admin, async (request, response) => {
    const change = changeSchema.parse(request.body)
    response.json(await service.change(slugOf(request), change, actorOf(response.locals)))
  })
  router.delete('/:slug', admin, async (request, response) => {
    const { reason } = retireSchema.parse(request.body ?? {})
    await service.retire(slugOf(request), reason, actorOf(response.locals))
    response.status(204).end()
  })
  router.post('/:slug/check', operator, async (request, response) => {
    response.json(await service.check(slugOf(request), actorOf(response.locals)))
  })
  return router
}

function slugOf(request: Request): string {
  return String(request.params['slug'])
}
