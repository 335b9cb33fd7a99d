import type * as z from 'zod'
import { failure } from '../../shared/errors.ts'
import type { DrawPreview, drawPreviewSchema } from '../../shared/schemas/admin.ts'
import type { Matchmaker } from '../battles/matchmaker.ts'
import { FailureError } from '../http/failure.ts'
import type { Entrant, Entrants } from '../models/entrants.ts'
import type { ModelsService } from '../models/service.ts'

/** What an administrator would change. */
export type DrawChange = z.output<typeof drawPreviewSchema>

type DrawPreviewDeps = {
  readonly entrants: Pick<Entrants, 'eligible' | 'ref'>
  readonly service: Pick<ModelsService, 'get'>
  readonly matchmaker: Pick<Matchmaker, 'preview'>
}

/**
 * Who would meet whom how often, by the matchmaker's own code: of those who can be drawn now, with
 * other weights, with others taken in or left out. Throws `invalid_input` for a model that is not
 * there, or that cannot come back.
 */
export function createDrawPreview({ entrants, service, matchmaker }: DrawPreviewDeps) {
  /** A model that is named, whether it can be drawn now or not. */
  function find(slug: string, field: 'weights' | 'enabled'): Entrant {
    const at = { field: `${field}.${slug}` }
    if (entrants.ref(slug) === undefined) {
      throw new FailureError(failure('invalid_input', `There is no model "${slug}".`, at))
    }
    const { version, weight, retired } = service.get(slug)
    if (field === 'enabled' && retired !== null) {
      throw new FailureError(failure('invalid_input', `The model "${slug}" is retired.`, at))
    }
    return { slug, version, weight }
  }

  return ({ weights, enabled }: DrawChange): DrawPreview => {
    for (const slug of Object.keys(weights)) find(slug, 'weights')
    // Not the object itself: it also has what every object has, and a slug may be called like that.
    const wanted = new Map(Object.entries(weights))
    const drawn = new Map(entrants.eligible().map((entrant) => [entrant.slug, entrant]))
    for (const [slug, takesPart] of Object.entries(enabled)) {
      const entrant = find(slug, 'enabled')
      if (!takesPart) drawn.delete(slug)
      else if (!drawn.has(slug)) drawn.set(slug, entrant)
    }
    const seats = [...drawn.values()]
      .map((entrant) => ({ ...entrant, weight: wanted.get(entrant.slug) ?? entrant.weight }))
      .toSorted((left, right) => (left.slug < right.slug ? -1 : 1))
    const pairs = matchmaker.preview(seats)
    const shares = new Map<string, number>()
    for (const { first, second, probability } of pairs) {
      for (const { slug } of [first, second]) {
        shares.set(slug, (shares.get(slug) ?? 0) + probability)
      }
    }
    return {
      models: seats.map(({ slug, weight }) => ({ slug, weight, share: shares.get(slug) ?? 0 })),
      pairs: pairs.map(({ first, second, probability }) => ({
        a: first.slug,
        b: second.slug,
        probability,
      })),
    }
  }
}
