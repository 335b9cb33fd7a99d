/** Comes with the rest of the console. */
export function WeightsPage() {
  return null
}
