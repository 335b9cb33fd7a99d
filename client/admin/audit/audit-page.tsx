/** Comes with the rest of the console. */
export function AuditPage() {
  return null
}
