/**
 * Does something with each item, so many at a time, and gives out each result as soon as it is there.
 * Once the signal is aborted, or nobody reads on, nothing more is begun.
 *
 * @param act never throws
 */
export async function* inParallel<T, R>(
  items: readonly T[],
  act: (item: T) => Promise<R>,
  atOnce: number,
  signal: AbortSignal,
): AsyncGenerator<R, void, undefined> {
  const running = new Set<Promise<{ result: R; done: () => void }>>()
  let next = 0
  const begin = () => {
    while (running.size < atOnce && next < items.length && !signal.aborted) {
      const item = items[next++] as T
      const one: Promise<{ result: R; done: () => void }> = act(item).then((result) => ({
        result,
        done: () => running.delete(one),
      }))
      running.add(one)
    }
  }
  for (begin(); running.size > 0 && !signal.aborted; begin()) {
    const { result, done } = await Promise.race(running)
    done()
    yield result
  }
}
