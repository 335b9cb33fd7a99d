/** Placeholder. */
export function BattlesPage() {
  return <div className="page" />
}
