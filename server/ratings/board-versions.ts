import type { Logger } from 'pino'
import type { BoardVersions } from './boards.ts'
import type { RatingsRepository } from './repository.ts'

/** How many versions are reserved at once; a restart skips what is left of them. */
const BLOCK = 1000

/**
 * Board versions that only grow, over restarts and crashes too: a mark above all versions that may
 * have been seen is written down before they are given out.
 */
export async function createBoardVersions(
  ratings: Pick<RatingsRepository, 'loadProjection' | 'reserveBoardVersions'>,
  log: Logger,
): Promise<BoardVersions> {
  let current = (await ratings.loadProjection())?.boardVersion ?? 0
  let reserved = current + BLOCK
  await ratings.reserveBoardVersions(reserved)
  current += 1
  return {
    get current() {
      return current
    },
    next() {
      current += 1
      if (reserved - current < BLOCK / 2) {
        reserved += BLOCK
        ratings.reserveBoardVersions(reserved).catch((cause: unknown) => {
          log.error({ err: cause }, 'board versions could not be reserved')
        })
      }
      return current
    },
  }
}
