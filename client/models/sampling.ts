import type { Sampling } from '../../shared/schemas/model.ts'
import { modelTexts } from '../texts/en-models.ts'

/** How a model is sampled, in a line. */
export function samplingOf({ sampling }: { readonly sampling: Sampling }): string {
  const parts = Object.entries(sampling).map(([name, value]) => `${name} ${value}`)
  return parts.length === 0 ? modelTexts.samplingDefault : parts.join(', ')
}
