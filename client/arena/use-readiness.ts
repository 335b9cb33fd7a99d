import { useEffect, useState } from 'react'
import type { ModelsReadiness } from '../../shared/schemas/system.ts'
import { getReady } from './http.ts'

const POLL_MS = 2500

/** What the models are doing; asked again until they are ready. Null while unknown. */
export function useReadiness(): ModelsReadiness | null {
  const [readiness, setReadiness] = useState<ModelsReadiness | null>(null)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let left = false
    const ask = async () => {
      const fetched = await getReady()
      if (left) return
      if (fetched.ok) setReadiness(fetched.value.models)
      if (!fetched.ok || fetched.value.models.state !== 'ready') {
        timer = setTimeout(() => void ask(), POLL_MS)
      }
    }
    void ask()
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [])
  return readiness
}
