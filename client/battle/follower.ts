/** So near to the end still counts as being there: a line and a half. */
const NEAR_PX = 40

/** Keeps one scroll region at its end while its content grows. */
export type Follower = {
  /** A ref callback for the region; its only child is the content. */
  readonly attach: (region: HTMLElement | null) => () => void
  readonly following: () => boolean
  readonly subscribe: (listener: () => void) => () => void
  /** Whether content is arriving: only then is the end followed. */
  readonly setLive: (live: boolean) => void
  readonly toEnd: () => void
}

/** Follows the end until the reader scrolls up; coming back to the end follows again. */
export function createFollower(): Follower {
  let region: HTMLElement | null = null
  let following = true
  let live = false
  let lastTop = 0
  const listeners = new Set<() => void>()
  const set = (next: boolean) => {
    if (following === next) return
    following = next
    for (const listener of listeners) listener()
  }
  const jump = () => {
    if (region !== null) region.scrollTop = region.scrollHeight
  }
  const onScroll = () => {
    if (region === null) return
    const left = region.scrollHeight - region.clientHeight - region.scrollTop
    // Only a move upwards is a reader's wish; content that grows moves nothing.
    if (left <= NEAR_PX) set(true)
    else if (region.scrollTop < lastTop - 1) set(false)
    lastTop = region.scrollTop
  }
  return {
    attach(element) {
      region = element
      const content = element?.firstElementChild
      // Whatever makes the content higher: words, Markdown that has loaded, fonts.
      const observer = new ResizeObserver(() => {
        if (live && following) jump()
      })
      if (content !== null && content !== undefined) observer.observe(content)
      element?.addEventListener('scroll', onScroll, { passive: true })
      return () => {
        observer.disconnect()
        element?.removeEventListener('scroll', onScroll)
        region = null
      }
    },
    following: () => following,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    setLive(next) {
      // A new answer begins in view, wherever the reader was in the one before.
      if (next && !live) {
        set(true)
        jump()
      }
      live = next
    },
    toEnd() {
      set(true)
      jump()
      region?.focus({ preventScroll: true })
    },
  }
}
