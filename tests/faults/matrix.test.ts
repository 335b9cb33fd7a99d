import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startArena, type TestArena } from '../support/arena/arena.ts'
import { makeCases, providerOf } from '../support/faults/cases.ts'
import { API_KEY, CANARY, type FaultDialect } from '../support/faults/dialects.ts'
import { Eyes } from '../support/faults/eyes.ts'
import type { Limit } from '../support/faults/fault.ts'
import { startFaultServer, type FaultServer } from '../support/faults/fault-server.ts'
import { outcomeTable, type LoggedFailure } from '../support/faults/outcome-table.ts'
import { inTurn, playCase, type Outcome } from '../support/faults/play.ts'
import { measuredOn, writeSection } from '../support/faults/report.ts'

// Every fault, on each side, in each dialect, in real battles: so many at once.
const AT_ONCE = 24
const LIMITS: Record<Limit, number> = { connect: 1000, first: 2000, gap: 1500, total: 4000 }
/** What the arena promises beyond a time-out. */
const GRACE_MS = 1000
/** How long idle connections may be kept for the next answer, generously. */
const IDLE_MS = 20_000

let arena: TestArena
let server: FaultServer
let outcomes: Outcome[] = []
let skipped: string[] = []
let eyes: Eyes[] = []
let leftOpen: string[] = []
let socketsBefore = 0
/** The longest time in which this process, and so the arena, did nothing else, in milliseconds. */
let longestPause = 0
const failures = new Map<string, LoggedFailure>()

beforeAll(async () => {
  socketsBefore = tcpSockets()
  server = await startFaultServer()
  arena = await startArena(
    {
      CONNECT_TIMEOUT_MS: String(LIMITS.connect),
      FIRST_TOKEN_TIMEOUT_MS: String(LIMITS.first),
      TOKEN_GAP_TIMEOUT_MS: String(LIMITS.gap),
      ANSWER_TIMEOUT_MS: String(LIMITS.total),
    },
    undefined,
    server.resolve,
  )
  const made = await makeCases(server)
  skipped = made.skipped
  const register = (slug: string, dialect: FaultDialect, baseUrl: string) =>
    arena.register(slug, baseUrl, {
      name: `${CANARY} ${slug}`.slice(0, 80),
      organization: `${CANARY} makers`,
      provider: providerOf(dialect, baseUrl, slug, API_KEY),
      weight: 0,
    })
  for (const { slug, dialect, baseUrl, address } of made.cases) {
    await register(slug, dialect, baseUrl)
    address.begin?.()
  }
  const healthy = [`${CANARY}-healthy`, `${CANARY}-spare`] as const
  for (const slug of healthy) {
    const path = server.add(slug, 'openai')
    await register(slug, 'openai', `http://127.0.0.1:${server.site.port}${path}`)
  }
  const [weight] = healthy
  await arena.admin('PATCH', `/api/v1/admin/models/${weight}`, { weight: 1 })

  eyes = await Promise.all(Array.from({ length: AT_ONCE }, () => Eyes.open(arena.url)))
  const pauses = monitorEventLoopDelay({ resolution: 10 })
  pauses.enable()
  const field = { arena, server, healthy, draw: inTurn() }
  const waiting = [...made.cases]
  await Promise.all(
    eyes.map(async (each) => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        outcomes.push(...(await playCase(field, each, next)))
      }
    }),
  )
  pauses.disable()
  longestPause = pauses.max / 1e6

  for (const line of arena.logs) {
    const { battle, err } = JSON.parse(line) as { battle?: string; err?: LoggedFailure }
    if (battle !== undefined && err?.kind !== undefined) failures.set(battle, err)
  }
  const late = new Promise<void>((resolve) => setTimeout(resolve, IDLE_MS).unref())
  await Promise.race([server.idle(), late])
  leftOpen = server.holders()

  const order = new Map(made.cases.map(({ slug }, index) => [slug, index]))
  outcomes = outcomes.toSorted((x, y) => (order.get(x.of.slug) ?? 0) - (order.get(y.of.slug) ?? 0))
  const table = outcomeTable(outcomes, ({ battleId }) => failures.get(battleId), LIMITS)
  const notes = [
    `${new Set(outcomes.map(({ of }) => of.fault.id)).size} faults, ${outcomes.length} battles. ` +
      `${measuredOn()}; arena, provider and visitors in one process, whose longest pause was ` +
      `${longestPause.toFixed(0)} ms.`,
    ...skipped.map((what) => `Left out: ${what}.`),
  ].join('\n\n')
  process.stdout.write(`\n${table}\n\n${notes}\n`)
  await writeSection('matrix', `${table}\n\n${notes}`)
}, 300_000)

afterAll(async () => {
  for (const each of eyes) each.close()
  await arena.close()
  await arena.remove()
  await server.close()
})

/** Names of cases that a rule does not hold for, with what was wrong. */
function breaches(rule: (outcome: Outcome) => string | undefined): string[] {
  return outcomes.flatMap((outcome) => {
    const wrong = rule(outcome)
    if (wrong === undefined) return []
    const { fault, dialect } = outcome.of
    return [`${fault.id} (${dialect}) on ${outcome.side}: ${wrong.slice(0, 300)}`]
  })
}

describe('whatever a provider does', () => {
  test('every fault was played on both sides, in every dialect where it applies', () => {
    const faults = new Set(outcomes.map(({ of }) => of.fault.id))
    expect(faults.size + skipped.length).toBeGreaterThanOrEqual(36)
    const played = new Set(outcomes.map(({ of, side }) => `${of.slug} ${side}`))
    expect(played.size).toBe(2 * new Set(outcomes.map(({ of }) => of.slug)).size)
  })

  test('sides end as they have to, the other side is whole, and only whole pairs are voted on', () => {
    expect(
      breaches(({ problems }) => (problems.length === 0 ? undefined : problems.join('; '))),
    ).toEqual([])
  })

  test('every battle reaches a defined state within its time-out and a second', () => {
    expect(
      breaches(({ of, ms }) => {
        const bound = LIMITS[of.fault.limit] + GRACE_MS + longestPause
        return ms <= bound ? undefined : `${ms.toFixed(0)} ms, promised were ${bound.toFixed(0)}`
      }),
    ).toEqual([])
  })

  test('operators are told the right kind of error', () => {
    expect(
      breaches(({ of, battleId }) => {
        const { expect } = of.fault
        if ('text' in expect) return undefined
        const failure = failures.get(battleId)
        if (expect.kinds.some((kind) => kind === failure?.kind)) return undefined
        return `${failure?.kind ?? 'no error'} (${failure?.message ?? ''})`
      }),
    ).toEqual([])
  })

  test('nothing that a visitor sees names a model or shows a key', () => {
    const received = eyes.map((each) => each.received).join('')
    expect(received.length).toBeGreaterThan(100_000)
    expect(around(received, new RegExp(CANARY, 'gi'))).toEqual([])
    expect(around(received, new RegExp(API_KEY, 'g'))).toEqual([])
    // Token counts, and when the provider began.
    expect(around(received, /98765[12]|1975303|1700000000/g)).toEqual([])
    expect(eyes.flatMap(({ faults }) => faults)).toEqual([])
  })

  test('nobody at all sees a key again', () => {
    expect(arena.logs.filter((line) => line.includes(API_KEY))).toEqual([])
  })

  test('redirects are not followed', () => {
    expect(server.followed()).toBe(0)
  })

  test('no connection to a provider stays open', async () => {
    expect(leftOpen).toEqual([])
    for (const each of eyes) each.close()
    await arena.close()
    await server.close()
    await expect.poll(tcpSockets, { timeout: IDLE_MS }).toBeLessThanOrEqual(socketsBefore)
  })
})

/** What stands around everything that was found: the whole would fill the screen. */
function around(text: string, what: RegExp): string[] {
  return [...text.matchAll(what)]
    .slice(0, 20)
    .map(({ index }) => text.slice(index - 200, index + 60))
}

function tcpSockets(): number {
  return process.getActiveResourcesInfo().filter((each) => /^(TCP|TLS)/.test(each)).length
}
