import type { TokenScope } from '../../shared/schemas/system.ts'

/** What an action needs. */
export type NeededScope = 'operator' | 'admin'

const RANKS: Readonly<Record<TokenScope, number>> = { judge: 0, read: 1, operator: 2, admin: 3 }

/** Whether a token of this scope may do what needs that one: `read` < `operator` < `admin`. */
export function allows(scope: TokenScope, needed: NeededScope): boolean {
  return atLeast(scope, needed)
}

/** Whether a token of this scope may do all that one of the other may. */
export function atLeast(scope: TokenScope, other: TokenScope): boolean {
  return RANKS[scope] >= RANKS[other]
}
