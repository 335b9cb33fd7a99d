import { describe, expect, it } from 'vitest'
import { splitAlerts } from '../../../../../client/admin/alerts/split.ts'
import type { Alert } from '../../../../../shared/schemas/admin.ts'

const alert = (id: number, resolvedAt: string | null = null): Alert => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  kind: 'failing',
  model: 'x',
  message: 'It fails.',
  resolvedAt,
  acknowledgedAt: null,
  acknowledgedBy: null,
})
const OVER = '2026-01-02T00:00:00.000Z'

describe('alerts', () => {
  it('are active or past, never both', () => {
    const { holding, past } = splitAlerts([alert(2), alert(1)], [alert(2, OVER), alert(1)])
    expect(holding?.map(({ id }) => id)).toEqual([1])
    expect(past?.map(({ id }) => id)).toEqual([2])
  })

  it('are not known before they were read', () => {
    expect(splitAlerts(null, null)).toEqual({ holding: null, past: null })
  })
})
