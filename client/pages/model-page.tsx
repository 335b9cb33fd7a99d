/** Placeholder. */
export function ModelPage() {
  return <div className="page" />
}
