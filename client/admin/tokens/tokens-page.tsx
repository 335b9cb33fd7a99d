/** Comes with the rest of the console. */
export function TokensPage() {
  return null
}
