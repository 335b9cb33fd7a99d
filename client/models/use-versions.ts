import { useEffect, useState } from 'react'
import type { ModelVersions } from '../../shared/schemas/model.ts'
import { getVersions, type Fetched } from '../arena/http.ts'

/** How often, and how many times, versions are asked for again whose past is being computed. */
const AGAIN_MS = 3000
const MOST_TRIES = 60

/** A model's versions; null until the first answer. What is missing of their past comes in later. */
export function useVersions(slug: string): Fetched<ModelVersions> | null {
  const [fetched, setFetched] = useState<Fetched<ModelVersions> | null>(null)
  useEffect(() => {
    let left = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = async (tries: number) => {
      const result = await getVersions(slug)
      if (left) return
      // Better what was known a moment ago than an error in its place.
      setFetched((held) => (result.ok || held?.ok !== true ? result : held))
      const more = result.ok ? !result.value.complete : result.error.retryable
      if (more && tries > 1) timer = setTimeout(() => void load(tries - 1), AGAIN_MS)
    }
    void load(MOST_TRIES)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [slug])
  return fetched
}
