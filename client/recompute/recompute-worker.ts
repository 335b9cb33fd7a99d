import {
  recompute,
  type CountsOfPairs,
  type RecomputeOptions,
  type RecomputedBoards,
} from './recompute.ts'

/** What the page asks of the worker, and what it answers. */
export type RecomputeJob = {
  readonly pairs: CountsOfPairs
  readonly all: CountsOfPairs | null
  readonly options: RecomputeOptions
}
export type RecomputeResult = { readonly boards: RecomputedBoards }

addEventListener('message', ({ data }: MessageEvent<RecomputeJob>) => {
  const boards = recompute(data.pairs, data.all, data.options)
  const result: RecomputeResult = { boards }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- to the page that made us
  postMessage(result)
})
