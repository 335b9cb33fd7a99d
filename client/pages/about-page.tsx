/** Placeholder. */
export function AboutPage() {
  return <div className="page" />
}
