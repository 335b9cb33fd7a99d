/** The table of models. */
export function ModelsPage() {
  return null
}
