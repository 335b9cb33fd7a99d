import { expect, test } from 'vitest'
import { RatingDesk } from '../../../../server/ratings/worker-desk.ts'
import type { RatedVersions } from '../../../../server/ratings/version-fits.ts'
import type { LoggedVote } from '../../../../server/votes/logged-vote.ts'

const HOUR = 3_600_000

/** Three models that beat each other in a circle; `x` answers as version 2 from the middle on. */
const LOG = Array.from({ length: 300 }, (_, index): LoggedVote => {
  const [slug_a, slug_b] = [
    ['x', 'y'],
    ['y', 'z'],
    ['z', 'x'],
  ][index % 3] as [string, string]
  const version = index < 150 ? 1 : 2
  return {
    position: index + 1,
    slug_a,
    slug_b,
    accuracy: index % 7 < 5 ? 'a' : 'b',
    helpfulness: index % 5 < 3 ? 'a' : 'b',
    language: 'tie',
    voter: `voter-${index % 20}`,
    battle_id: `battle-${index}`,
    judge: 'human',
    prompt_language: 'en',
    category: 'other',
    turns: 1,
    style: null,
    created_at: index * (HOUR / 5),
    version_a: slug_a === 'x' ? version : 1,
    version_b: slug_b === 'x' ? version : 1,
  }
})

/** A desk for which each look at the clock takes so many milliseconds. */
function deskOf(msPerLook: number): RatingDesk {
  let now = 0
  return new RatingDesk({
    votes: {
      readForRating: (position, limit) =>
        Promise.resolve(LOG.slice(position, position + limit) as never),
    },
    history: { load: () => Promise.resolve([]), loadMoments: () => Promise.resolve([]) },
    historyPosition: LOG.length,
    now: () => (now += msPerLook),
    tell: () => undefined,
  })
}

async function ask(desk: RatingDesk): Promise<RatedVersions> {
  const { answer } = await desk.take({ what: 'versions', slug: 'x' }, LOG.length)
  let settled: Uint8Array | undefined
  void answer.then((bytes) => (settled = bytes))
  for (;;) {
    await desk.spareTime()
    if (settled !== undefined) break
  }
  return JSON.parse(new TextDecoder().decode(settled)) as RatedVersions
}

test('who asks for versions gets how they stand now in good time, and their past when it is there', async () => {
  const whole = await ask(deskOf(0))
  expect(whole.complete).toBe(true)
  expect(whole.versions.map(({ version }) => version)).toEqual([2, 1])

  const slow = deskOf(100)
  const first = await ask(slow)
  expect(first.complete).toBe(false)
  expect(first.versions.map(({ ratings }) => ratings)).toEqual(
    whole.versions.map(({ ratings }) => ratings),
  )
  const moments = ({ versions }: RatedVersions) => versions.flatMap(({ history }) => history).length
  expect(moments(first)).toBeLessThan(moments(whole))
  // Whoever asks again without a vote between is told more: nothing is begun anew.
  const again = await ask(slow)
  expect(moments(again)).toBeGreaterThan(moments(first))
  // The rest is made up for with nobody waiting.
  while (await slow.spareTime());
  expect(await ask(slow)).toEqual(whole)
})
