import { randomUUID } from 'node:crypto'
import { dirname, join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { timeOrderedId } from '../../../server/battles/time-ordered-id.ts'
import { openDatabase } from '../../../server/database/database.ts'
import { loadSecrets } from '../../../server/secrets/secrets.ts'
import { VISITOR_COOKIE } from '../../../shared/protocol.ts'

const ANSWER = 'An answer of moderate length, as a small model gives it. '.repeat(10)
const TRANSCRIPT = JSON.stringify({
  frames: [ANSWER.length],
  attempts: [{ from: 0, seq: 1, reason: 'stop' }],
})

/** One voter with battles that wait for votes, in rounds. */
export type Seeded = { readonly cookie: string; readonly rounds: readonly (readonly string[])[] }

/**
 * Writes a database with finished battles, as if mock providers had answered them all: so many
 * could not be played out within a bench's time.
 */
export async function seedBattles(
  path: string,
  counts: { voters: number; rounds: number; battles: number; models: number },
): Promise<Seeded[]> {
  const { kysely } = await openDatabase({ dialect: 'sqlite', path })
  await kysely.destroy()
  const secrets = await loadSecrets(join(dirname(path), 'secret.json'), Date.now())
  if (!secrets.ok) throw new Error(secrets.error)
  const keys = secrets.value

  const db = new BetterSqlite(path)
  db.pragma('synchronous = OFF')
  const insertBattle = db.prepare(
    `insert into battles (id, visitor, client_key, slug_a, version_a, slug_b, version_b,
       pair_probability, language, category, created_at, last_turn_at)
     values (?, ?, null, ?, 1, ?, 1, 0.01, 'und', 'uncategorized', ?, ?)`,
  )
  const insertTurn = db.prepare('insert into turns values (?, 1, ?, ?)')
  const insertAnswer = db.prepare(`insert into answers values (?, 1, ?, ?, ?, 'stop')`)
  let seated = 0

  function seedBattle(visitor: string): string {
    const now = Date.now()
    const id = timeOrderedId(now)
    seated += 1
    const a = seated % counts.models
    const b = (a + 1 + (seated % (counts.models - 1))) % counts.models
    insertBattle.run(id, visitor, `model-${a}`, `model-${b}`, now, now)
    insertTurn.run(id, 'A question', now)
    for (const side of ['a', 'b']) insertAnswer.run(id, side, ANSWER, TRANSCRIPT)
    return id
  }

  // In the order in which they will be voted in, more or less, as it is with real ones.
  const seed = db.transaction(() => {
    const visitors = Array.from({ length: counts.voters }, () => randomUUID())
    const hashes = visitors.map((visitor) => keys.voterHash(visitor))
    const rounds = Array.from({ length: counts.rounds }, () => {
      const perVoter = visitors.map((): string[] => [])
      for (let battle = 0; battle < counts.battles; battle += 1) {
        perVoter.forEach((battles, voter) => battles.push(seedBattle(hashes[voter] ?? '')))
      }
      return perVoter
    })
    return visitors.map((visitor, voter): Seeded => ({
      cookie: `${VISITOR_COOKIE}=${keys.cookieSigner.sign(visitor)}`,
      rounds: rounds.map((perVoter) => perVoter[voter] ?? []),
    }))
  })
  try {
    return seed()
  } finally {
    db.close()
  }
}
