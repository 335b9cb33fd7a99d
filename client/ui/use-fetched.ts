import { useEffect, useState } from 'react'
import type { Fetched } from '../arena/http.ts'

/** What a page reads once. `read` has to be stable (a module's function, or memoised). */
export function useFetched<T>(read: () => Promise<Fetched<T>>): Fetched<T> | null {
  const [fetched, setFetched] = useState<Fetched<T> | null>(null)
  useEffect(() => {
    let left = false
    const load = async () => {
      const result = await read()
      if (!left) setFetched(result)
    }
    void load()
    return () => {
      left = true
    }
  }, [read])
  return fetched
}
