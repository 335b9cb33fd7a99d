import * as z from 'zod'
import { keylessProviderSchema, registrationSchema } from '../../../shared/schemas/model.ts'
import type { Model } from '../model.ts'

/** A model in a file: its registration, mostly without its key, and whether it is retired. */
export const entrySchema = registrationSchema.extend({
  provider: keylessProviderSchema,
  retired: z
    .strictObject({
      at: z.iso.datetime(),
      reason: registrationSchema.shape.description.unwrap().max(500).nullable(),
    })
    .optional(),
})
export type Entry = z.infer<typeof entrySchema>

/** A model as a file holds it; what is as it would be anyway is left out. */
export function toEntry(model: Model): Entry {
  const { current, retired } = model
  const entry = {
    slug: model.slug,
    name: model.name,
    organization: model.organization,
    license: model.license,
    description: model.description,
    provider: current.provider,
    systemPrompt: current.systemPrompt,
    answerPrefix: current.answerPrefix,
    sampling: unlessEmpty(current.sampling),
    caps: unlessEmpty(current.caps),
    weight: model.weight === 1 ? null : model.weight,
    enabled: model.enabled ? null : false,
    limits: unlessEmpty(model.limits),
    prices: model.prices,
    tags: model.tags.length === 0 ? null : model.tags,
    links: model.links.length === 0 ? null : model.links,
    retired:
      retired === null ? null : { at: new Date(retired.at).toISOString(), reason: retired.reason },
  }
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== null)) as Entry
}

function unlessEmpty<T extends object>(fields: T): T | null {
  return Object.keys(fields).length === 0 ? null : fields
}
