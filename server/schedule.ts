/** Runs something later and returns how to call it off; a parameter, so that tests hold the clock. */
export type Schedule = (run: () => void, delayMs: number) => () => void

/** By a timer of the process, which it does not stay alive for. */
export const scheduleByTimer: Schedule = (run, delayMs) => {
  const timer = setTimeout(run, delayMs).unref()
  return () => clearTimeout(timer)
}
