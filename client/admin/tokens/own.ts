/** The id of the token that an actor of the audit log, `name (id)`, used; null without one. */
export function tokenIdOf(actor: string): string | null {
  return /\(([^()]+)\)$/.exec(actor)?.[1] ?? null
}
