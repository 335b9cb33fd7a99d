import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { mulberry32 } from '../../../shared/ratings/random.ts'
import type { Verdict } from '../../../shared/verdicts.ts'

/** A vote as a test says it; what it does not say is filled in. */
export type SeedVote = {
  a: string
  b: string
  /** 1 by default. */
  versionA?: number
  versionB?: number
  accuracy?: Verdict
  helpfulness?: Verdict
  language?: Verdict
  voter?: string
  judge?: string
  prompt_language?: string
  category?: string
  turns?: number
  style?: readonly number[] | null
  /** Epoch milliseconds. */
  at?: number
}

/** Writes votes, each on a battle of its own, after those in a stopped arena's log. */
export function seedVotes(folder: string, votes: readonly SeedVote[]): void {
  const db = new BetterSqlite(join(folder, 'arena.db'))
  const last = db.prepare<[], { last: number | null }>('select max(position) as last from votes')
  const from = (last.get()?.last ?? 0) + 1
  const battle = db.prepare(`
    insert into battles (id, visitor, client_key, slug_a, version_a, slug_b, version_b,
      pair_probability, language, category, created_at, last_turn_at)
    values (?, ?, null, ?, ?, ?, ?, 1, ?, ?, ?, ?)`)
  const vote = db.prepare(`
    insert into votes (position, id, battle_id, voter, judge, accuracy, helpfulness, language,
      slug_a, version_a, slug_b, version_b, pair_probability, prompt_language, category, created_at,
      turns, style)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`)
  db.transaction(() => {
    for (const [index, given] of votes.entries()) {
      const position = from + index
      const id = `seed-${position}`
      const { a, b, voter = `voter-${position}`, at = Date.now(), style = null } = given
      const { judge = 'human', prompt_language = 'und', category = 'other', turns = 1 } = given
      const { accuracy = 'skip', helpfulness = 'skip', language = 'skip' } = given
      const { versionA = 1, versionB = 1 } = given
      const sides = [a, versionA, b, versionB]
      battle.run(id, voter, ...sides, prompt_language, category, at, at)
      const verdicts = [accuracy, helpfulness, language]
      const slice = [prompt_language, category, at, turns]
      const written = style === null ? null : JSON.stringify(style)
      vote.run(position, id, id, voter, judge, ...verdicts, ...sides, ...slice, written)
    }
  })()
  db.close()
}

/**
 * Votes of some voters on models of rising strength, with every verdict, several languages,
 * categories, kinds of judges and numbers of turns; the same for the same seed.
 */
export function sampleVotes(slugs: readonly string[], count: number, seed: number): SeedVote[] {
  const random = mulberry32(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
  return Array.from({ length: count }, (_, index): SeedVote => {
    const [left, right] = [Math.floor(random() * slugs.length), random()]
    const other = (left + 1 + Math.floor(right * (slugs.length - 1))) % slugs.length
    const verdict = (): Verdict => {
      const chance = 1 / (1 + Math.exp((other - left) * 0.4))
      const roll = random()
      if (roll < 0.1) return 'tie'
      if (roll < 0.15) return 'both_bad'
      if (roll < 0.2) return 'skip'
      return random() < chance ? 'a' : 'b'
    }
    const accuracy = verdict()
    return {
      a: slugs[left] ?? '',
      b: slugs[other] ?? '',
      // Something is always said.
      accuracy: accuracy === 'skip' ? 'tie' : accuracy,
      helpfulness: verdict(),
      language: verdict(),
      voter: `voter-${Math.floor(random() ** 2 * 40)}`,
      judge: random() < 0.9 ? 'human' : pick(['expert', 'model']),
      prompt_language: pick(['en', 'en', 'en', 'de', 'und']),
      category: pick(['code', 'writing', 'other']),
      turns: random() < 0.8 ? 1 : 3,
      style: random() < 0.9 ? Array.from({ length: 8 }, () => Math.floor(random() * 200)) : null,
      at: Date.UTC(2026, 0, 1) + index * 600_000,
    }
  })
}
