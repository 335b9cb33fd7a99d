import type { BoardFormat } from '../../shared/boards.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { HistoryQuery, Slice } from '../../shared/schemas/leaderboard.ts'
import type { Config } from '../config.ts'
import type { Checkpoint } from './history.ts'

/** What a worker is started with. */
export type WorkerSettings = {
  readonly database: Config['database']
  /** The log position up to which history is stored. */
  readonly historyPosition: number
}

/** What readers ask for. */
export type Wish =
  | { readonly what: 'board' | 'pairs'; readonly slice: Slice; readonly format: BoardFormat }
  | { readonly what: 'history'; readonly query: HistoryQuery }
  | VersionsWish

/** How the versions of a model fare: many boards, so that it waits for those of everybody else. */
export type VersionsWish = { readonly what: 'versions'; readonly slug: string }

/** The version under which an answer is given out, and when that is. */
export type Stamp = { readonly version: number; readonly generatedAt: string }

export type Question = { readonly wish: Wish; readonly stamp: Stamp }

/** From the arena to its rating worker. */
export type ToWorker =
  /** Votes in the order of the log, by `encodeVotes`. */
  | { readonly kind: 'votes'; readonly votes: string }
  /** Who the models are; replaces all that was said before. */
  | { readonly kind: 'names'; readonly refs: readonly ModelRef[] }
  /** `position`: the answer counts every vote up to here. */
  | {
      readonly kind: 'ask'
      readonly id: number
      readonly position: number
      readonly question: Question
    }
  /** Ends the worker in order. */
  | { readonly kind: 'stop' }

/** From the rating worker to its arena. */
export type FromWorker =
  /** The log is in memory up to here. */
  | { readonly kind: 'loaded'; readonly position: number; readonly ms: number }
  | {
      readonly kind: 'answer'
      readonly id: number
      readonly body: Uint8Array
      readonly etag: string
    }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string }
  /** Something went wrong that nobody had asked for; boards go on. */
  | { readonly kind: 'trouble'; readonly doing: string; readonly reason: string }
  /** Intervals that had lagged behind their ratings are up to date: boards differ, without a vote. */
  | { readonly kind: 'refined' }
  /** A moment of the history has passed. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  /** What one more vote on each pair would tell: a symmetric matrix, row by row. */
  | {
      readonly kind: 'information'
      readonly slugs: readonly string[]
      readonly gains: Float64Array
    }
