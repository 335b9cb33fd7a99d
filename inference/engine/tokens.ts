/** Throws when a graph would be given a token that it does not know: what it does then is anybody's guess. */
export function checkTokens(ids: readonly number[], vocabularySize: number): void {
  const strange = ids.find((id) => !(id >= 0 && id < vocabularySize))
  if (strange !== undefined) throw new RangeError(`the graph knows no token ${strange}`)
}
