/** Placeholder. */
export function ModelsPage() {
  return <div className="page" />
}
