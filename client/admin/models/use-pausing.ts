import { useCallback } from 'react'
import type { AdminModel } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { useAdmin } from '../session.tsx'
import { useToast } from '../toasts.tsx'

type Who = Pick<AdminModel, 'slug' | 'name'>

/**
 * Pauses models and takes that back, with a word about it and a way back.
 *
 * @param onChanged gets the model as it is then; stable
 */
export function usePausing(onChanged: (model: AdminModel) => void): {
  readonly pause: (who: Who, reason: string) => Promise<string | null>
  readonly resume: (who: Who) => Promise<string | null>
} {
  const { api } = useAdmin()
  const toast = useToast()
  const act = useCallback(
    async (who: Who, act: 'pause' | 'resume', reason: string) => {
      const path = `/models/${encodeURIComponent(who.slug)}/${act}`
      const body = act === 'pause' && reason !== '' ? { reason } : {}
      const answer = await api.post<AdminModel>(path, body)
      if (!answer.ok) return answer.error.message
      onChanged(answer.value)
      return null
    },
    [api, onChanged],
  )
  const pause = useCallback(
    async (who: Who, reason: string) => {
      const fault = await act(who, 'pause', reason)
      if (fault === null) {
        toast(adminTexts.models.paused(who.name), () => void act(who, 'resume', ''))
      }
      return fault
    },
    [act, toast],
  )
  const resume = useCallback(
    async (who: Who) => {
      const fault = await act(who, 'resume', '')
      toast(
        fault ?? adminTexts.models.resumed(who.name),
        fault === null ? () => void act(who, 'pause', '') : undefined,
      )
      return fault
    },
    [act, toast],
  )
  return { pause, resume }
}
