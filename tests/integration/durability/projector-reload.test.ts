import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Projector, toRatedVote } from '../../../server/ratings/projector.ts'
import type { RatingsRepository } from '../../../server/ratings/repository.ts'
import type { VoteRow } from '../../../server/votes/repository.ts'
import { RATING_ENGINE, Standings } from '../../../shared/ratings/standings.ts'

const LOG = [1, 2, 3].map((position): VoteRow => ({
  position,
  id: `vote-${position}`,
  battle_id: `battle-${position}`,
  voter: 'voter',
  judge: 'human',
  accuracy: 'a',
  helpfulness: 'tie',
  language: 'b',
  slug_a: 'alpha',
  version_a: 1,
  slug_b: 'beta',
  version_b: 1,
  pair_probability: 1,
  prompt_language: 'und',
  category: 'uncategorized',
  created_at: position,
  turns: 1,
  style: null,
}))

function foldOf(votes: readonly VoteRow[]): Standings {
  const standings = new Standings()
  for (const vote of votes) standings.apply(toRatedVote(vote))
  return standings
}

test('a batch read before a rebuild moved the ratings is not counted on top of them', async () => {
  let stored = { position: 0, standings: new Standings() }
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  const ratings = {
    loadFold: () =>
      Promise.resolve({
        projection: { engine: RATING_ENGINE, position: stored.position, boardVersion: 0 },
        standings: stored.standings,
      }),
    advance: (expected: number) => Promise.resolve(expected === stored.position),
  } as unknown as RatingsRepository
  const projector = new Projector({
    votes: {
      lastPosition: () => Promise.resolve(0),
      async readAfter(position) {
        if (position === 1) await held
        return LOG.filter((vote) => vote.position > position).slice(0, position === 0 ? 1 : 3)
      },
    },
    ratings,
    log: pino({ level: 'silent' }),
    onChange: () => undefined,
  })
  await projector.load()
  projector.wake(1)
  await projector.effectOf(1, 1000)

  // A rebuild folds the whole log while the next read is on its way.
  projector.wake(3)
  stored = { position: 3, standings: foldOf(LOG) }
  await projector.save()
  release()
  await projector.stop()

  expect(projector.position).toBe(3)
  expect(projector.standings).toEqual(foldOf(LOG))
})

test('votes that follow on are counted without being read; others are read', async () => {
  const reads: number[] = []
  const projector = new Projector({
    votes: {
      lastPosition: () => Promise.resolve(0),
      readAfter(position, limit) {
        reads.push(position)
        return Promise.resolve(LOG.filter((vote) => vote.position > position).slice(0, limit))
      },
    },
    ratings: {
      loadFold: () =>
        Promise.resolve({
          projection: { engine: RATING_ENGINE, position: 0, boardVersion: 0 },
          standings: new Standings(),
        }),
      advance: () => Promise.resolve(true),
    } as unknown as RatingsRepository,
    log: pino({ level: 'silent' }),
    onChange: () => undefined,
  })
  await projector.load()
  projector.wake(1, LOG.slice(0, 1))
  expect([projector.position, reads]).toEqual([1, []])
  // Another process has taken position 2.
  projector.wake(3, LOG.slice(2))
  await projector.stop()
  expect([projector.position, reads]).toEqual([3, [1]])
  expect(projector.standings).toEqual(foldOf(LOG))
})
