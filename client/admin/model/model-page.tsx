/** One model. */
export function ModelPage() {
  return null
}
