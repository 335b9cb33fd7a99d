import { describe, expect, it } from 'vitest'
import type { Connection, RequestError } from '../../../../client/arena/connection.ts'
import { openSession } from '../../../../client/battle/session.ts'
import { currentTurn, shownText, stageOf } from '../../../../client/battle/state.ts'
import type { BattleState, BattleView, ReceiptRatings } from '../../../../shared/schemas/battle.ts'

const ID = 'battle'
const LOST: RequestError = { code: 'connection_lost', message: 'lost', retryable: true }

/** An arena whose every answer the test decides. */
function fakeArena() {
  const handlers = new Map<string, ((payload: never) => void)[]>()
  const online: (() => void)[] = []
  const timers: (() => void)[] = []
  const calls: { event: string; payload: unknown }[] = []
  const answers = new Map<string, (payload: never) => unknown>()
  let views: BattleView[] = []
  const ask = async (event: string, payload: unknown, tap?: (ack: never) => void) => {
    calls.push({ event, payload })
    const answer = answers.get(event)
    if (answer === undefined) throw new Error(`nobody answers ${event}`)
    const ack = answer(payload as never) as { error?: RequestError }
    if (ack.error?.code !== 'connection_lost') tap?.(ack as never)
    return ack
  }
  const connection = {
    request: ask,
    insist: ask,
    on(event: string, handler: (payload: never) => void) {
      handlers.set(event, [...(handlers.get(event) ?? []), handler])
      return () => undefined
    },
    onOnline(handler: () => void) {
      online.push(handler)
      return () => undefined
    },
  } as unknown as Connection
  return {
    deps: {
      connection,
      fetchBattle: async () => {
        const value = views.length > 1 ? views.shift() : views[0]
        return value === undefined
          ? { ok: false as const, error: LOST }
          : { ok: true as const, value }
      },
      later: (_ms: number, later: () => void) => void timers.push(later),
    },
    calls,
    answer: (event: string, reply: (payload: never) => unknown) => answers.set(event, reply),
    send: (event: string, payload: unknown) =>
      handlers.get(event)?.forEach((handler) => handler(payload as never)),
    reconnect: () => online.forEach((handler) => handler()),
    show: (...next: BattleView[]) => {
      views = next
    },
    async settle() {
      for (let round = 0; round < 20; round++) await Promise.resolve()
      for (const timer of timers.splice(0)) timer()
      for (let round = 0; round < 20; round++) await Promise.resolve()
    },
  }
}

const delta = (side: 'a' | 'b', seq: number, text: string, turn = 1) => ({
  battleId: ID,
  turn,
  [side]: { seq, text },
})
const state = (over: Partial<BattleState>): BattleState => ({
  turn: 1,
  phase: 'streaming',
  a: { seq: 0 },
  b: { seq: 0 },
  ...over,
})

describe('a session', () => {
  it('asks for what it missed after a reconnect, by the numbers that it holds', async () => {
    const arena = fakeArena()
    arena.answer('battle:resume', () => ({ ok: true, state: state({ a: { seq: 2 } }) }))
    const session = openSession(arena.deps, ID, 'Why?')
    arena.send('battle:delta', delta('a', 1, 'one'))
    arena.reconnect()
    await arena.settle()
    expect(arena.calls[0]).toEqual({
      event: 'battle:resume',
      payload: { battleId: ID, turn: 1, from: { a: 1, b: 0 } },
    })
    arena.send('battle:delta', delta('a', 2, ' two'))
    const held = currentTurn(session.snapshot().battle)?.sides.a
    expect(held === undefined ? '' : shownText(held)).toBe('one two')
  })

  it('asks once for a gap, and again while it stays open', async () => {
    const arena = fakeArena()
    arena.answer('battle:resume', () => ({ ok: true, state: state({ a: { seq: 4 } }) }))
    openSession(arena.deps, ID, 'Why?')
    arena.send('battle:delta', delta('a', 3, 'c'))
    arena.send('battle:delta', delta('a', 4, 'd'))
    expect(arena.calls).toHaveLength(1)
    await arena.settle()
    expect(arena.calls.length).toBeGreaterThan(1)
  })

  it('resumes again when the connection came back while a resume was out', async () => {
    const arena = fakeArena()
    arena.answer('battle:resume', () => ({ ok: false, error: LOST }))
    openSession(arena.deps, ID, 'Why?')
    arena.reconnect()
    arena.reconnect()
    arena.answer('battle:resume', () => ({ ok: true, state: state({}) }))
    await arena.settle()
    await arena.settle()
    expect(arena.calls.length).toBeGreaterThanOrEqual(2)
  })

  it('keeps a follow-up that arrived although its acknowledgement was lost', async () => {
    const arena = fakeArena()
    arena.answer('battle:continue', () => ({ ok: false, error: LOST }))
    arena.answer('battle:resume', () => ({ ok: true, state: state({ turn: 2 }) }))
    const session = openSession(arena.deps, ID, 'Why?')
    await session.follow('And?')
    await arena.settle()
    expect(currentTurn(session.snapshot().battle)).toMatchObject({ turn: 2, confirmed: true })
  })

  it('takes back a follow-up that never arrived', async () => {
    const arena = fakeArena()
    arena.answer('battle:continue', () => ({ ok: false, error: LOST }))
    arena.answer('battle:resume', () => ({ ok: true, state: state({ turn: 1 }) }))
    const session = openSession(arena.deps, ID, 'Why?')
    const result = await session.follow('And?')
    await arena.settle()
    expect(result.ok).toBe(false)
    expect(session.snapshot().battle.turns).toHaveLength(1)
  })

  it('fetches the ratings that the receipt did not have yet', async () => {
    const arena = fakeArena()
    const model = { slug: 'm', name: 'M', organization: 'O', license: 'L' }
    const verdicts = { accuracy: 'a', helpfulness: 'tie', language: 'skip' } as const
    const change = { before: 1, after: 2, rankBefore: 2, rankAfter: 1, expected: 0.5 }
    const side = { accuracy: change, helpfulness: change, language: change }
    const ratings: ReceiptRatings = { a: side, b: side }
    const view: BattleView = {
      battleId: ID,
      phase: 'voted',
      createdAt: '2026-01-01T00:00:00Z',
      turns: [{ turn: 1, prompt: 'Why?', a: { text: 'x' }, b: { text: 'y' } }],
      verdicts,
      models: { a: model, b: model },
      ratings: null,
    }
    arena.answer('battle:vote', () => ({
      ok: true,
      voteId: 'v',
      reveal: { a: model, b: model },
      ratings: null,
    }))
    arena.answer('battle:resume', () => ({ ok: true, state: state({ phase: 'voted' }) }))
    arena.show(view, { ...view, ratings })
    const session = openSession(arena.deps, ID, 'Why?')
    await session.vote(verdicts)
    expect(stageOf(session.snapshot().battle).name).toBe('revealed')
    expect(session.snapshot().battle.outcome?.ratings).toBeNull()
    await arena.settle()
    await arena.settle()
    expect(session.snapshot().battle.outcome?.ratings).toEqual(ratings)
  })

  it('fetches what the models thought once their names are told, and changes no text by it', async () => {
    const arena = fakeArena()
    const model = { slug: 'm', name: 'M', organization: 'O', license: 'L' }
    const verdicts = { accuracy: 'a', helpfulness: 'tie', language: 'skip' } as const
    const change = { before: 1, after: 2, rankBefore: 2, rankAfter: 1, expected: 0.5 }
    const side = { accuracy: change, helpfulness: change, language: change }
    const reveal = { a: model, b: model }
    const ratings: ReceiptRatings = { a: side, b: side }
    arena.answer('battle:vote', () => ({ ok: true, voteId: 'v', reveal, ratings }))
    arena.answer('battle:resume', () => ({ ok: true, state: state({ phase: 'voted' }) }))
    const session = openSession(arena.deps, ID, 'Why?')
    arena.send('battle:delta', delta('a', 1, 'mine'))
    const sides = () => currentTurn(session.snapshot().battle)?.sides
    expect(sides()?.a.reasoning).toBeNull()
    arena.show({
      battleId: ID,
      phase: 'voted',
      createdAt: '2026-01-01T00:00:00Z',
      turns: [
        { turn: 1, prompt: 'Why?', a: { text: 'theirs', reasoning: 'Hm.' }, b: { text: 'y' } },
      ],
      verdicts,
      models: reveal,
      ratings,
    })
    await session.vote(verdicts)
    await arena.settle()
    expect(sides()?.a).toMatchObject({ text: 'mine', reasoning: 'Hm.' })
    expect(sides()?.b.reasoning).toBeNull()
    // Whoever comes back later has it at once.
    const later = openSession(arena.deps, ID)
    await later.load()
    expect(currentTurn(later.snapshot().battle)?.sides.a).toMatchObject({
      preview: 'theirs',
      reasoning: 'Hm.',
    })
  })

  it('starts from what the arena has when the arena lost frames that the page holds', async () => {
    const arena = fakeArena()
    const error = { code: 'invalid_input', message: 'too far', retryable: false }
    arena.answer('battle:resume', () => ({ ok: false, error }))
    const session = openSession(arena.deps, ID, 'Why?')
    arena.send('battle:delta', delta('a', 1, 'lost words'))
    arena.show({
      battleId: ID,
      phase: 'expired',
      createdAt: '2026-01-01T00:00:00Z',
      turns: [{ turn: 1, prompt: 'Why?', a: { text: 'kept' }, b: { text: '' } }],
    })
    arena.reconnect()
    await arena.settle()
    const held = currentTurn(session.snapshot().battle)?.sides.a
    expect(held === undefined ? '' : shownText(held)).toBe('kept')
  })
})
