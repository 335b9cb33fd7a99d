import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, newVisitor, type ClientSocket } from '../support/arena/client.ts'
import { ask, codeOf } from '../support/arena/outsider.ts'
import { begin, play, setStage, vote, type Stage } from '../support/arena/stage.ts'

let stage: Stage
let socket: ClientSocket
let stranger: ClientSocket

beforeAll(async () => {
  stage = await setStage()
  ;({ socket } = await stage.visitor())
  stranger = await connect(stage.arena.url, await newVisitor(stage.arena.url))
})
afterAll(async () => {
  socket.disconnect()
  stranger.disconnect()
  await stage.close()
})

const comment = (battleId: string, text: unknown, from = socket) =>
  ask(from, 'battle:comment', { battleId, comment: text })

describe('battle:comment', () => {
  test('is a remark after the vote; a later one replaces it', async () => {
    const { battleId } = await play(socket)
    await vote(socket, battleId)
    expect(await comment(battleId, 'A was better.')).toEqual({ ok: true })
    expect(await comment(battleId, 'No, B was.\n👍 مرحبا')).toEqual({ ok: true })
    // No call reads remarks yet: they are looked up where they are kept.
    const db = new BetterSqlite(join(stage.arena.folder, 'arena.db'), { readonly: true })
    const kept = db.prepare('select comment from comments where battle_id = ?').all(battleId)
    db.close()
    expect(kept).toEqual([{ comment: 'No, B was.\n👍 مرحبا' }])
  })

  test('before the vote: `battle_not_votable`, streaming or answered', async () => {
    const running = await begin(socket, 'by hand: still running')
    expect(codeOf(await comment(running.battleId, 'Early.'))).toBe('battle_not_votable')
    const { battleId } = await play(socket)
    expect(codeOf(await comment(battleId, 'Early.'))).toBe('battle_not_votable')
  })

  test.each([undefined, null, 7, ['text'], {}])(
    'that is no text is `invalid_input`: %j',
    async (text) => {
      const { battleId } = await play(socket)
      await vote(socket, battleId)
      expect(codeOf(await comment(battleId, text))).toBe('invalid_input')
    },
  )

  test('unknown battle: `battle_not_found`; another’s: `forbidden`', async () => {
    const { battleId } = await play(socket)
    await vote(socket, battleId)
    expect(codeOf(await comment(battleId, 'Me too.', stranger))).toBe('forbidden')
    expect(codeOf(await comment('nowhere', 'Hello?'))).toBe('battle_not_found')
  })
})

describe('battle:react', () => {
  const react = (battleId: string, more: object = {}, from = socket) =>
    ask(from, 'battle:react', { battleId, turn: 1, side: 'a', reaction: 'like', ...more })

  test.each([
    { reaction: 'like' },
    { reaction: 'dislike' },
    { reaction: null },
    { reaction: 'like', tags: ['clear', 'kurz'] },
    { reaction: null, tags: [] },
    { side: 'b' },
  ])('takes %j, before the vote and after it', async (more) => {
    const { battleId } = await play(socket)
    expect(await react(battleId, more)).toEqual({ ok: true })
    await vote(socket, battleId)
    expect(await react(battleId, more)).toEqual({ ok: true })
  })

  test.each([
    { reaction: 'love' },
    { reaction: undefined },
    { reaction: true },
    { side: 'c' },
    { turn: 0 },
    { turn: 2 },
    { turn: 1.5 },
    { turn: '1' },
    { tags: 'clear' },
    { tags: [7] },
  ])('refuses %j as `invalid_input`', async (more) => {
    const { battleId } = await play(socket)
    expect(codeOf(await react(battleId, more))).toBe('invalid_input')
  })

  test('unknown battle: `battle_not_found`; another’s: `forbidden`', async () => {
    const { battleId } = await play(socket)
    expect(codeOf(await react(battleId, {}, stranger))).toBe('forbidden')
    expect(codeOf(await react('nowhere'))).toBe('battle_not_found')
  })

  test('moves no rating', async () => {
    const before = await (await fetch(`${stage.arena.url}/api/v1/leaderboard`)).text()
    const { battleId } = await play(socket)
    await react(battleId)
    await react(battleId, { side: 'b', reaction: 'dislike' })
    expect(await (await fetch(`${stage.arena.url}/api/v1/leaderboard`)).text()).toBe(before)
  })
})
