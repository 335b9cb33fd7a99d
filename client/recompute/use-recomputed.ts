import { useEffect, useRef, useState } from 'react'
import type { CountsOfPairs, RecomputeOptions, RecomputedBoards } from './recompute.ts'
import type { RecomputeJob, RecomputeResult } from './recompute-worker.ts'

/** What is to be computed; `key` changes with everything that changes the result. */
export type Recompute = {
  readonly key: string
  readonly pairs: CountsOfPairs
  readonly all: CountsOfPairs | null
  readonly options: RecomputeOptions
}

/** Boards and what they were computed for. */
export type Recomputed = { readonly key: string; readonly boards: RecomputedBoards }

/**
 * Computes boards in a worker, which is loaded when the first one is asked for. While one is computed
 * the one before stays; of several asked for meanwhile only the last is computed.
 */
export function useRecomputed(wanted: Recompute | null): Recomputed | null {
  const worker = useRef<Worker | null>(null)
  const [result, setResult] = useState<Recomputed | null>(null)
  const queue = useRef<{ busy: Recompute | null; next: Recompute | null }>({
    busy: null,
    next: null,
  })
  useEffect(() => {
    const jobs = queue.current
    return () => {
      worker.current?.terminate()
      worker.current = null
      jobs.busy = null
      jobs.next = null
    }
  }, [])
  const key = wanted?.key
  useEffect(() => {
    if (wanted === null) return
    const jobs = queue.current
    const start = (job: Recompute) => {
      jobs.busy = job
      const { pairs, all, options } = job
      const message: RecomputeJob = { pairs, all, options }
      worker.current?.postMessage(message)
    }
    if (worker.current === null) {
      const made = new Worker(new URL('recompute-worker.ts', import.meta.url), { type: 'module' })
      made.addEventListener('message', ({ data }: MessageEvent<RecomputeResult>) => {
        if (jobs.busy !== null) setResult({ key: jobs.busy.key, boards: data.boards })
        jobs.busy = null
        const { next } = jobs
        jobs.next = null
        if (next !== null) start(next)
      })
      worker.current = made
    }
    if (jobs.busy === null) start(wanted)
    else jobs.next = wanted
    // oxlint-disable-next-line react/exhaustive-deps -- the key says all of it
  }, [key])
  return wanted === null ? null : result
}
