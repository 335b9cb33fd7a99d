import { useEffect, useState } from 'react'
import type { DrawPreview } from '../../../shared/schemas/admin.ts'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import type { ApiError } from '../api.ts'
import { useAdmin } from '../session.tsx'
import { drawRequest, type Edits } from './draw.ts'

/** So long after the last move of a slider the arena is asked. */
const QUIET_MS = 200

type Draw = {
  readonly present: DrawPreview | null
  /** Null as long as nothing is changed. */
  readonly future: DrawPreview | null
  readonly error: ApiError | null
}

/** The draw as it is and as it would be; what was known stays until the next answer. */
export function useDraw(models: readonly AdminModel[], edits: Edits, allWell: boolean): Draw {
  const now = JSON.stringify(drawRequest(models, {}, allWell))
  const then = JSON.stringify(drawRequest(models, edits, allWell))
  const present = useAsked(now, 0)
  const future = useAsked(then === now ? null : then, QUIET_MS)
  return {
    present: present.value,
    future: then === now ? null : future.value,
    error: present.error ?? future.error,
  }
}

/** @param body what to ask, as JSON; null for nothing */
function useAsked(
  body: string | null,
  afterMs: number,
): { value: DrawPreview | null; error: ApiError | null } {
  const { api } = useAdmin()
  const [state, setState] = useState(NOTHING)
  const [last, setLast] = useState(body)
  if (body !== last) {
    setLast(body)
    // The answer to an older question is no beginning for the next one.
    if (body === null) setState(NOTHING)
  }
  useEffect(() => {
    if (body === null) return undefined
    let left = false
    const ask = async () => {
      const answer = await api.post<DrawPreview>('/draw', JSON.parse(body))
      // An answer to what is not wanted any more is dropped.
      if (left) return
      setState((before) =>
        answer.ok
          ? { value: answer.value, error: null }
          : { value: before.value, error: answer.error },
      )
    }
    const timer = setTimeout(() => void ask(), afterMs)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [api, body, afterMs])
  return state
}

const NOTHING: { value: DrawPreview | null; error: ApiError | null } = { value: null, error: null }
