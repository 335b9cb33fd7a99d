import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startArena, type TestArena } from '../support/arena/arena.ts'
import { VERDICTS } from '../support/arena/stage.ts'
import { Eyes, type Seen } from '../support/faults/eyes.ts'
import {
  CLEAN_ROUND,
  delaysTable,
  FAILING,
  FAULTY_ROUND,
  MODELS,
  startIsolationProvider,
  type IsolationProvider,
} from '../support/faults/isolation.ts'
import { measuredOn, writeSection } from '../support/faults/report.ts'

// 500 battles with 3 of 10 models failing at random, by 25 visitors at once, and as many without a
// fault: in rounds that take turns, so that both meet the same machine.
const VISITORS = 25
const ROUNDS = 10
const BATTLES_A_ROUND = 50
const SEED = 20_261_121
const TOTAL_MS = 5000
const GRACE_MS = 1000

/** How one battle of a round went. */
type Played = {
  readonly round: 'clean' | 'faulty'
  readonly ms: number
  readonly reasons: readonly string[]
  /** What a vote answered. */
  readonly vote: string
  readonly seen: readonly Seen[]
}

let healthy: IsolationProvider
let failing: IsolationProvider
let arena: TestArena
let eyes: Eyes[]
const played: Played[] = []
let longestPause = 0

beforeAll(async () => {
  healthy = await startIsolationProvider(SEED)
  failing = await startIsolationProvider(SEED + 1)
  arena = await startArena({
    CONNECT_TIMEOUT_MS: '1000',
    FIRST_TOKEN_TIMEOUT_MS: '2000',
    TOKEN_GAP_TIMEOUT_MS: '1500',
    ANSWER_TIMEOUT_MS: String(TOTAL_MS),
    // A model that fails is asked again soon, so that it goes on failing.
    BREAKER_RETRY_MS: '500',
  })
  for (const model of MODELS) {
    const { port } = FAILING.includes(model) ? failing : healthy
    await arena.register(model, `http://127.0.0.1:${port}/${model}/v1`)
  }
  eyes = await Promise.all(Array.from({ length: VISITORS }, () => Eyes.open(arena.url)))
  const pauses = monitorEventLoopDelay({ resolution: 10 })
  pauses.enable()
  // The first is thrown away: it finds everything cold.
  await playRound('clean', VISITORS)
  played.length = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const [first, second] =
      round % 2 === 0 ? (['clean', 'faulty'] as const) : (['faulty', 'clean'] as const)
    await playRound(first, BATTLES_A_ROUND)
    await playRound(second, BATTLES_A_ROUND)
  }
  pauses.disable()
  longestPause = pauses.max / 1e6
}, 300_000)

afterAll(async () => {
  for (const each of eyes) each.close()
  await arena.close()
  await arena.remove()
  await healthy.close()
  await failing.close()
})

/** So many battles, by all visitors at once; each begins its next when one is over. */
async function playRound(round: Played['round'], battles: number): Promise<void> {
  // Whoever failed too often before is back in the draw.
  for (const model of FAILING) await arena.admin('POST', `/api/v1/admin/models/${model}/check`)
  let left = battles
  await Promise.all(
    eyes.map(async (each) => {
      while (left > 0) {
        left -= 1
        played.push(await playOne(each, round))
      }
    }),
  )
}

async function playOne(each: Eyes, round: Played['round']): Promise<Played> {
  const prompt = `${round === 'clean' ? CLEAN_ROUND : FAULTY_ROUND}: who?`
  const started = await each.socket.emitWithAck('battle:start', { prompt })
  if (!started.ok) throw new Error(started.error.code)
  const since = performance.now()
  const { battleId } = started
  await each.ended(battleId)
  const { a, b } = each.of(battleId)
  const voted = await each.voter.emitWithAck('battle:vote', { battleId, verdicts: VERDICTS })
  return {
    round,
    ms: Math.max(a.endedAt, b.endedAt) - since,
    reasons: [String(a.end?.reason), String(b.end?.reason)],
    vote: voted.ok ? 'ok' : voted.error.code,
    seen: [a, b],
  }
}

/** How long after its time the first token of a healthy model was here, in milliseconds. */
function delaysOf(round: Played['round']): number[] {
  return played
    .filter((each) => each.round === round)
    .flatMap(({ seen }) => seen)
    .flatMap(({ text, begunAt }) => {
      const [, due, model = ''] = /^@([\d.]+) (m\d) /.exec(text) ?? []
      if (due === undefined || FAILING.includes(model)) return []
      return [performance.timeOrigin + begunAt - Number(due)]
    })
}

describe('3 of 10 models fail at random', () => {
  test('every battle reaches a defined state', () => {
    const faulty = played.filter(({ round }) => round === 'faulty')
    expect(faulty).toHaveLength(ROUNDS * BATTLES_A_ROUND)
    const failed = faulty.filter(({ reasons }) => reasons.includes('error'))
    expect(failed.length).toBeGreaterThan(50)
    const reasons = new Set(played.flatMap((each) => each.reasons))
    expect([...reasons].toSorted()).toEqual(['error', 'stop'])
    const late = played.filter(({ ms }) => ms > TOTAL_MS + GRACE_MS + longestPause)
    expect(late.map(({ ms, reasons }) => `${ms.toFixed(0)} ms: ${reasons.join()}`)).toEqual([])
  })

  test('a pair can be voted on if, and only if, both sides are whole', () => {
    for (const { reasons, vote } of played) {
      expect(vote).toBe(reasons.includes('error') ? 'battle_not_votable' : 'ok')
    }
  })

  test('nobody fails in a clean round, and no healthy model ever', () => {
    const clean = played.filter(({ round }) => round === 'clean')
    expect(clean.flatMap(({ reasons }) => reasons).filter((reason) => reason !== 'stop')).toEqual(
      [],
    )
    const blamed = arena.logs.flatMap((line) => {
      const { model, err } = JSON.parse(line) as { model?: string; err?: { kind?: string } }
      return model === undefined || err === undefined ? [] : [model]
    })
    expect(blamed.length).toBeGreaterThan(50)
    expect(blamed.filter((model) => !FAILING.includes(model))).toEqual([])
  })

  test('how long healthy models’ first tokens take is told', async () => {
    const delays = { clean: delaysOf('clean'), faulty: delaysOf('faulty') }
    expect(delays.clean.length).toBeGreaterThan(400)
    expect(delays.faulty.length).toBeGreaterThan(400)
    const failed = played.filter(({ reasons }) => reasons.includes('error')).length
    const { asked, played: faults } = await failing.report()
    const count = Object.values(faults).reduce((sum, each) => sum + each, 0)
    const text = [
      `${played.length} battles (half of them with faults) by ${VISITORS} visitors at once; ` +
        `${asked} requests to the 3, ${count} of which met one of ${Object.keys(faults).length} different ` +
        `faults; ${failed} battles had a failed side. Seed ${SEED}.`,
      '',
      delaysTable(delays),
      '',
      `${measuredOn()}; arena and visitors in one process, whose longest pause was ` +
        `${longestPause.toFixed(0)} ms, the providers in two others.`,
    ].join('\n')
    process.stdout.write(`\n${text}\n`)
    await writeSection('isolation', text)
  })

  test('no connection to a provider stays open', async () => {
    const open = async () => (await healthy.report()).open + (await failing.report()).open
    await expect.poll(open, { timeout: 20_000 }).toBe(0)
  })
})
