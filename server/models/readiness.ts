import type { ModelsReadiness } from '../../shared/schemas/system.ts'
import type { Embedded } from './embedded.ts'
import { CONTESTANTS } from './eligible.ts'
import { isOut, type Roster } from './roster.ts'

/**
 * What the models are doing. Everybody can read it, so it names no model and no path, counts no
 * limits and advises nobody who runs the arena: that is in the log and in the administrators' list.
 */
export function modelsReadiness(
  roster: Pick<Roster, 'all' | 'breaker' | 'eligible' | 'status'>,
  embedded: Pick<Embedded, 'isFailing' | 'serves' | 'state'>,
): ModelsReadiness {
  const ready = roster.eligible().filter(({ weight }) => weight > 0).length
  const wanted = roster.all().filter((model) => !isOut(model) && model.weight > 0)
  const open = wanted.filter(({ slug }) => roster.breaker(slug).isOpen()).length
  const isLimited =
    ready < CONTESTANTS && wanted.some((model) => roster.status(model).status === 'limited')
  const local = wanted.filter(({ current }) => current.provider.kind === 'onnx').length
  const state = embedded.state()
  const loading = (state === 'starting' || state === 'restarting') && !embedded.isFailing()
  const warming = local > 0 && loading && wanted.length >= CONTESTANTS
  const unserved = wanted.filter(
    ({ current: { provider } }) => provider.kind === 'onnx' && !embedded.serves(provider.model),
  ).length
  const details = [
    local > 0 ? describeEmbedded(embedded) : null,
    state === 'ready' && unserved > 0
      ? `${unserved} of ${wanted.length} models want a model folder that is not served`
      : null,
    open > 0 ? `${open} of ${wanted.length} models failed repeatedly and are left out` : null,
    isLimited ? 'too few models take a question at the moment' : null,
    wanted.length < CONTESTANTS
      ? `a battle needs two models, ${wanted.length} can take part`
      : null,
  ].filter((detail) => detail !== null)
  return {
    ready,
    state: ready >= CONTESTANTS ? 'ready' : warming ? 'warming' : 'none',
    detail: details.length === 0 ? null : details.join('; '),
  }
}

function describeEmbedded(embedded: Pick<Embedded, 'isFailing' | 'state'>): string | null {
  const state = embedded.state()
  if (state === 'ready') return null
  if (state === 'stopped') return 'the embedded inference is not running'
  if (embedded.isFailing()) return 'the embedded inference keeps ending'
  return state === 'starting'
    ? 'the embedded inference is loading its models'
    : 'the embedded inference ended and is being started again'
}
