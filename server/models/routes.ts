import { Router, type Request, type Router as ExpressRouter } from 'express'
import { pageQuerySchema } from '../../shared/schemas/common.ts'
import {
  changeSchema,
  pauseSchema,
  registrationSchema,
  retireSchema,
  type ModelCard,
} from '../../shared/schemas/model.ts'
import { actorOf, type Auth } from '../admin/auth.ts'
import type { ModelsService } from './service.ts'
import type { RateVersions } from './versions.ts'
import type { UnratedCard } from './views.ts'

/** What the boards say of each model now, for its card. */
export type CardRatings = () => Promise<(slug: string) => ModelCard['ratings']>

/** `GET /api/v1/models…`: the cards, for everybody. Mounted under `/api/v1/models`. */
export function createModelRoutes(
  service: Pick<ModelsService, 'card' | 'cards' | 'versions'>,
  ratings: CardRatings,
  rateVersions: RateVersions,
): ExpressRouter {
  const rated = (card: UnratedCard, ratingsOf: (slug: string) => ModelCard['ratings']) => ({
    ...card,
    ratings: ratingsOf(card.slug),
  })
  const router = Router()
  router.get('/', async (request, response) => {
    const page = service.cards(pageQuerySchema.parse(request.query))
    const ratingsOf = await ratings()
    response.json({ ...page, items: page.items.map((card) => rated(card, ratingsOf)) })
  })
  router.get('/:slug', async (request, response) => {
    const card = service.card(slugOf(request))
    response.json(rated(card, await ratings()))
  })
  router.get('/:slug/versions', async (request, response) => {
    const slug = slugOf(request)
    // Asked before the boards are: of nobody there is nothing to compute.
    service.card(slug)
    const { complete, versions } = await rateVersions(slug)
    response.json({ items: service.versions(slug, versions), complete })
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
  router.post('/:slug/pause', operator, async (request, response) => {
    const { reason } = pauseSchema.parse(request.body ?? {})
    response.json(await service.pause(slugOf(request), reason, actorOf(response.locals)))
  })
  router.post('/:slug/resume', operator, async (request, response) => {
    response.json(await service.resume(slugOf(request), actorOf(response.locals)))
  })
  router.post('/:slug/check', operator, async (request, response) => {
    response.json(await service.check(slugOf(request), actorOf(response.locals)))
  })
  return router
}

function slugOf(request: Request): string {
  return String(request.params['slug'])
}
