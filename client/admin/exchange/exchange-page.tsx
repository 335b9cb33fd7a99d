/** Comes with the rest of the console. */
export function ExchangePage() {
  return null
}
