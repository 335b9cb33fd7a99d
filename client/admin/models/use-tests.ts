import { useCallback, useRef, useState } from 'react'
import type { CheckedModel } from '../../../shared/schemas/admin.ts'
import type { CheckResult } from '../../../shared/schemas/model.ts'
import { adminTexts } from '../../texts/en-admin.ts'
import { announce } from '../../ui/announcer.tsx'
import { useAdmin } from '../session.tsx'

/** What a test of a model found, or that it is under way. */
export type TestState = 'running' | CheckResult

export type Tests = {
  readonly states: ReadonlyMap<string, TestState>
  /** While all are tested: how many are done. */
  readonly progress: { readonly done: number; readonly failed: number } | null
  /** Why testing all could not go on. */
  readonly fault: string | null
  readonly testOne: (slug: string, name: string) => Promise<void>
  readonly testAll: (slugs: readonly string[]) => Promise<void>
  readonly stop: () => void
}

/** Tests of models, one by one or all, with what they found. */
export function useTests(): Tests {
  const { api } = useAdmin()
  const [states, setStates] = useState<ReadonlyMap<string, TestState>>(new Map())
  const [progress, setProgress] = useState<Tests['progress']>(null)
  const [fault, setFault] = useState<string | null>(null)
  const running = useRef<AbortController | null>(null)

  const set = useCallback(
    (slug: string, state: TestState) => setStates((before) => new Map(before).set(slug, state)),
    [],
  )

  const testOne = useCallback(
    async (slug: string, name: string) => {
      set(slug, 'running')
      const answer = await api.post<CheckResult>(`/models/${encodeURIComponent(slug)}/check`)
      const result = answer.ok ? answer.value : { ok: false, error: answer.error.message }
      set(slug, result)
      announce(adminTexts.models.tested(name, result))
    },
    [api, set],
  )

  const testAll = useCallback(
    async (slugs: readonly string[]) => {
      const controller = new AbortController()
      running.current = controller
      setFault(null)
      setStates(new Map(slugs.map((slug) => [slug, 'running'])))
      let done = 0
      let failed = 0
      setProgress({ done, failed })
      const answer = await api.stream(
        '/check',
        undefined,
        (line) => {
          const { slug, ...result } = line as CheckedModel
          done += 1
          failed += result.ok ? 0 : 1
          set(slug, result)
          setProgress({ done, failed })
        },
        controller.signal,
      )
      setProgress(null)
      // What was not reached is as unknown as before.
      setStates((before) => new Map([...before].filter(([, state]) => state !== 'running')))
      if (!answer.ok && !controller.signal.aborted) setFault(answer.error.message)
      announce(adminTexts.models.testedAll(done, failed))
    },
    [api, set],
  )

  const stop = useCallback(() => running.current?.abort(), [])
  return { states, progress, fault, testOne, testAll, stop }
}
