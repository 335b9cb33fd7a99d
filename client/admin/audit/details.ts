/** One field of an audit entry: what it was and what it became, or what was said of it. */
export type DetailRow = {
  readonly field: string
  readonly kind: 'change' | 'value'
  /** As text; null where there was nothing. */
  readonly from: string | null
  readonly to: string | null
}

/** The details of an audit entry, field by field; fields of fields are named with dots. */
export function detailRows(details: Readonly<Record<string, unknown>> | null): DetailRow[] {
  return Object.entries(details ?? {}).flatMap(([field, value]) => rowsOf(field, value))
}

function rowsOf(field: string, value: unknown): DetailRow[] {
  const change = changeOf(value)
  if (change === null) return [{ field, kind: 'value', from: null, to: textOf(value) }]
  const { from, to } = change
  // Of two objects only what differs is worth reading.
  if (isRecord(from) && isRecord(to)) {
    const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])]
    return fields.flatMap((inner) =>
      JSON.stringify(from[inner]) === JSON.stringify(to[inner])
        ? []
        : rowsOf(`${field}.${inner}`, { from: from[inner], to: to[inner] }),
    )
  }
  return [{ field, kind: 'change', from: textOf(from), to: textOf(to) }]
}

function changeOf(value: unknown): { from: unknown; to: unknown } | null {
  if (!isRecord(value)) return null
  const keys = Object.keys(value)
  if (keys.length === 0 || !keys.every((key) => key === 'from' || key === 'to')) return null
  return { from: value['from'], to: value['to'] }
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
