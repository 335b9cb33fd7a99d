const FIRST_WAIT_MS = 1000

/** Waits a second, then two, four … */
export function backoff(tries: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', stop)
        resolve()
      },
      FIRST_WAIT_MS * 2 ** (tries - 1),
    )
    signal.addEventListener('abort', stop, { once: true })
  })
}
