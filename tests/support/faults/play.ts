import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import type { PerSide, Side } from '../../../shared/verdicts.ts'
import type { TestArena } from '../arena/arena.ts'
import { VERDICTS } from '../arena/stage.ts'
import type { FaultCase } from './cases.ts'
import type { Eyes } from './eyes.ts'
import { TEXT } from './fault.ts'
import { FAULTY_QUESTION, healthyPieces, MENDED_TEXT, type FaultServer } from './fault-server.ts'

/** How one battle with one faulty side went. */
export type Outcome = {
  readonly of: FaultCase
  readonly battleId: string
  readonly side: Side
  /** From when the provider began to misbehave to the end that the visitor heard. */
  readonly ms: number
  readonly reason: string
  /** What was otherwise than it had to be, in words. */
  readonly problems: string[]
}

export type Field = {
  readonly arena: TestArena
  readonly server: FaultServer
  /** A model that does well, and the one that steps in where a fault cannot be mended. */
  readonly healthy: readonly [string, string]
  /** One draw at a time: the weights decide who is drawn. */
  readonly draw: <T>(act: () => Promise<T>) => Promise<T>
}

/** Runs one thing after the other. */
export function inTurn(): Field['draw'] {
  let last: Promise<unknown> = Promise.resolve()
  return (act) => {
    const mine = last.then(act, act)
    last = mine.catch(() => undefined)
    return mine
  }
}

type Seated = { battleId: string; question: string; side: Side; startedAt: number }

/** So many draws without both sides, and the model begins anew: its breaker would open. */
const DRAWS_BEFORE_RENEWAL = 6
const MOST_DRAWS = 60

let questions = 0

/** Plays a fault on side a and on side b, through to a vote. */
export async function playCase(field: Field, eyes: Eyes, of: FaultCase): Promise<Outcome[]> {
  const seated = await field.draw(() => seatOnBothSides(field, eyes, of))
  const releasedAt = performance.now()
  field.server.release(of.slug)
  const outcomes = await Promise.all(
    seated.map(async (battle) => {
      await eyes.ended(battle.battleId)
      return judge(eyes, of, battle, of.held ? releasedAt : battle.startedAt)
    }),
  )
  if ('text' in of.fault.expect) {
    await Promise.all(outcomes.map((outcome) => voteOn(eyes, outcome)))
    return outcomes
  }
  await of.address.mend?.()
  for (const outcome of outcomes) {
    await retry(field, eyes, outcome, seated)
    await voteOn(eyes, outcome)
  }
  return outcomes
}

/** Starts battles until the model has had both seats; what is too many is stopped at once. */
async function seatOnBothSides(field: Field, eyes: Eyes, of: FaultCase): Promise<Seated[]> {
  const found: Partial<PerSide<Seated>> = {}
  await setWeight(field, of.slug, 1)
  for (let draws = 1; found.a === undefined || found.b === undefined; draws += 1) {
    if (draws > MOST_DRAWS) throw new Error(`${of.slug} was not seated on both sides`)
    if (draws % DRAWS_BEFORE_RENEWAL === 0) await renew(field, of.slug, draws)
    questions += 1
    const question = `${FAULTY_QUESTION} ${questions}`
    const ack = await eyes.socket.emitWithAck('battle:start', { prompt: `${question}: who?` })
    if (!ack.ok) {
      await renew(field, of.slug, draws)
      continue
    }
    const startedAt = performance.now()
    const { battleId } = ack
    const seats = seatsOf(field.arena, battleId)
    const side = seats.a === of.slug ? 'a' : 'b'
    if (seats[side] !== of.slug) throw new Error(`${of.slug} was not drawn`)
    if (found[side] === undefined) found[side] = { battleId, question, side, startedAt }
    else await eyes.socket.emitWithAck('battle:stop', { battleId })
  }
  await setWeight(field, of.slug, 0)
  return [found.a, found.b]
}

/** What a visitor has to see of a battle with a fault on one side. */
async function judge(
  eyes: Eyes,
  of: FaultCase,
  { battleId, question, side }: Seated,
  since: number,
): Promise<Outcome> {
  const seen = eyes.of(battleId)
  const faulty = seen[side]
  const healthy = seen[side === 'a' ? 'b' : 'a']
  const problems: string[] = []
  const expectThat = (holds: boolean, otherwise: string) => {
    if (!holds) problems.push(otherwise)
  }
  expectThat(
    healthy.text === healthyPieces(question).join('') && healthy.end?.reason === 'stop',
    `the healthy side was told ${JSON.stringify(healthy)}`,
  )
  const reason = String(faulty.end?.reason)
  const { expect } = of.fault
  if ('text' in expect) {
    expectThat(
      reason === expect.reason && faulty.text === expect.text,
      `it had to be ${JSON.stringify(expect)} and was ${JSON.stringify(faulty)}`,
    )
  } else {
    expectThat(reason === 'error', `it had to fail and was ${JSON.stringify(faulty).slice(0, 300)}`)
    const begun = TEXT.startsWith(faulty.text) || /^.*(more )+$/su.test(faulty.text)
    expectThat(begun, `it showed ${JSON.stringify(faulty.text.slice(0, 300))}`)
    for (const [event, ack] of [
      [
        'battle:vote',
        await eyes.socket.emitWithAck('battle:vote', { battleId, verdicts: VERDICTS }),
      ],
      [
        'battle:comment',
        await eyes.socket.emitWithAck('battle:comment', { battleId, comment: '?' }),
      ],
    ] as const) {
      const code = ack.ok ? 'ok' : ack.error.code
      expectThat(code === 'battle_not_votable', `${event} answered ${code}`)
    }
  }
  const view = await eyes.get(`/api/v1/battles/${battleId}`)
  const { turns } = JSON.parse(view.text) as { turns: PerSide<{ text: string }>[] }
  for (const each of ['a', 'b'] as const) {
    expectThat(turns[0]?.[each].text === seen[each].text, `the stored text of ${each} is another`)
  }
  return { of, battleId, side, ms: faulty.endedAt - since, reason, problems }
}

/** Asks again: the model that was mended, or another one where that cannot be. */
async function retry(
  field: Field,
  eyes: Eyes,
  { of, battleId, side, problems }: Outcome,
  seated: readonly Seated[],
): Promise<void> {
  const mended = of.address.mend !== undefined
  const spare = field.healthy[1]
  const seen = eyes.of(battleId)[side]
  seen.end = undefined
  const ack = await field.draw(async () => {
    if (!mended) await setWeight(field, spare, 1)
    const retried = await eyes.socket.emitWithAck('battle:retry', {
      battleId,
      side,
      ...(mended ? {} : { replace: true }),
    })
    if (!mended) await setWeight(field, spare, 0)
    return retried
  })
  if (!ack.ok) {
    problems.push(`the retry answered ${ack.error.code}`)
    return
  }
  await eyes.ended(battleId, [side])
  const question = seated.find((each) => each.battleId === battleId)?.question ?? ''
  const text = mended ? MENDED_TEXT : healthyPieces(question).join('')
  if (seen.text !== text) problems.push(`after a retry: ${JSON.stringify(seen)}`)
}

async function voteOn(eyes: Eyes, { battleId, problems }: Outcome): Promise<void> {
  const ack = await eyes.voter.emitWithAck('battle:vote', { battleId, verdicts: VERDICTS })
  if (!ack.ok) problems.push(`the vote on whole answers was refused: ${ack.error.code}`)
}

async function setWeight({ arena }: Field, slug: string, weight: number): Promise<void> {
  await change(arena, slug, { weight })
}

/** Another version, whose failures begin at none. */
async function renew({ arena }: Field, slug: string, nth: number): Promise<void> {
  await change(arena, slug, { sampling: { seed: nth } })
}

async function change(arena: TestArena, slug: string, what: object): Promise<void> {
  const response = await arena.admin('PATCH', `/api/v1/admin/models/${slug}`, what)
  if (response.status !== 200) throw new Error(await response.text())
  await response.arrayBuffer()
}

/** Who sits where: read where the arena keeps it, since nobody outside may know. */
function seatsOf(arena: TestArena, battleId: string): PerSide<string> {
  const db = new BetterSqlite(join(arena.folder, 'arena.db'), { readonly: true })
  try {
    const row = db
      .prepare<[string], PerSide<string>>(
        'select slug_a as a, slug_b as b from battles where id = ?',
      )
      .get(battleId)
    if (row === undefined) throw new Error(`no battle ${battleId}`)
    return row
  } finally {
    db.close()
  }
}
