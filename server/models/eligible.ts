import { inputCharacters } from './conversation.ts'
import type { Entrant } from './entrants.ts'
import type { LimitGate } from './limits.ts'
import type { Roster } from './roster.ts'

/** A battle takes two. */
export const CONTESTANTS = 2

/**
 * Who can be drawn for a prompt of this length (or for any): everybody in the roster whose limits
 * and caps allow it. Those who are merely busy are drawn after all where too few are left, and
 * answer when they come to it.
 *
 * @returns the roster's own array where nobody is left out
 */
export function createEligible(deps: {
  roster: Pick<Roster, 'eligible' | 'get'>
  gate: Pick<LimitGate, 'closed'>
}): (promptLength?: number) => readonly Entrant[] {
  const { roster, gate } = deps

  const takes = ({ slug }: Entrant, promptLength: number): boolean => {
    const current = roster.get(slug)?.current
    const cap = current?.caps.maxInputCharacters
    return (
      current === undefined || cap === undefined || inputCharacters(current, promptLength) <= cap
    )
  }
  const closedBy = ({ slug }: Entrant) => {
    const model = roster.get(slug)
    return model === undefined ? undefined : gate.closed(model)?.by
  }

  return (promptLength) => {
    const all = roster.eligible()
    const fitting =
      promptLength === undefined ? all : keep(all, (entrant) => takes(entrant, promptLength))
    const closed = new Map(fitting.map((entrant) => [entrant, closedBy(entrant)]))
    const open = keep(fitting, (entrant) => closed.get(entrant) === undefined)
    if (open.filter(({ weight }) => weight > 0).length >= CONTESTANTS) return open
    return keep(fitting, (entrant) => {
      const by = closed.get(entrant)
      return by === undefined || by === 'concurrency'
    })
  }
}

/** Like `filter`, but the same array if it drops nothing. */
function keep<T>(items: readonly T[], test: (item: T) => boolean): readonly T[] {
  return items.every(test) ? items : items.filter(test)
}
