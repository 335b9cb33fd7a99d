import type { LoadedModel } from '../loading/load-model.ts'
import type { StepTimes } from '../scheduling/step-watch.ts'

/** A large model on a slow machine takes its time; so much more than its longest step is a hang. */
const SILENCE_MS = { least: 10_000, steps: 5, most: 120_000 }
const STEP_MS = { least: 60_000, steps: 10, most: 600_000 }
/** A warm-up reads a short prompt; a whole chunk takes about twice its time. */
const CHUNKS_PER_WARM_UP = 2

/** How long whoever watches this process should wait before it takes it for hung. */
export interface Patience {
  /** How long it may leave a question for its health unanswered: some engines block it. */
  readonly silenceLimitMs: number
  /** The step under way: since when, and how long it may take. */
  readonly step: { readonly ageMs: number; readonly limitMs: number } | null
}

export function patience(
  models: readonly Pick<LoadedModel, 'warmUpMs'>[],
  steps: StepTimes,
): Patience {
  const longest = models.reduce(
    (most, { warmUpMs }) => Math.max(most, CHUNKS_PER_WARM_UP * warmUpMs),
    steps.longestMs,
  )
  const within = ({ least, steps: count, most }: typeof SILENCE_MS) =>
    Math.round(Math.min(Math.max(least, count * longest), most))
  return {
    silenceLimitMs: within(SILENCE_MS),
    step:
      steps.ageMs === null ? null : { ageMs: Math.round(steps.ageMs), limitMs: within(STEP_MS) },
  }
}
