/** An abort controller that follows another signal, until it is unlinked. */
export type LinkedAbort = {
  readonly signal: AbortSignal
  readonly abort: (reason: unknown) => void
  /** Lets go of the followed signal, which may live far longer. */
  readonly unlink: () => void
}

/** `AbortSignal.any` without its bookkeeping: one answer is one link, and it is let go. */
export function linkAbort(outer: AbortSignal): LinkedAbort {
  const controller = new AbortController()
  const follow = () => controller.abort(outer.reason)
  if (outer.aborted) follow()
  else outer.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => outer.removeEventListener('abort', follow),
  }
}

/**
 * A link that also aborts after a while. Not `AbortSignal.timeout` inside of `AbortSignal.any`: what
 * nobody else holds may be collected there before it ever fires (Node 20).
 */
export function linkAbortWithin(outer: AbortSignal, timeoutMs: number): LinkedAbort {
  const link = linkAbort(outer)
  const late = () => link.abort(new DOMException(`nothing within ${timeoutMs} ms`, 'TimeoutError'))
  const timer = setTimeout(late, timeoutMs)
  return {
    ...link,
    unlink() {
      clearTimeout(timer)
      link.unlink()
    },
  }
}
