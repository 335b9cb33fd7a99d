/** A place in a list of battles, newest first: behind this one. */
export type BattlePlace = { readonly createdAt: number; readonly id: string }

/** The place as the `nextCursor` of a page. */
export function toCursor({ createdAt, id }: BattlePlace): string {
  return `${createdAt}_${id}`
}

/** @returns null if this is no cursor of ours */
export function parseCursor(cursor: string): BattlePlace | null {
  const match = /^(\d{1,16})_(.{1,64})$/.exec(cursor)
  return match?.[1] === undefined || match[2] === undefined
    ? null
    : { createdAt: Number(match[1]), id: match[2] }
}
