import BetterSqlite from 'better-sqlite3'

const TAGS = ['open weights', 'reasoning', 'small', 'multilingual', 'code']

/** What a simulated arena is given, so that its models differ in more than their votes. */
export type ModelHistories = {
  /** Has three versions, of which the last answers now. */
  readonly versioned: string
  /** Has everything that an administrator can say of a model. */
  readonly described: string
  readonly retired: readonly string[]
  readonly paused: readonly string[]
}

/**
 * Gives simulated models versions, tags, links and prices, lets most compete, pauses some and retires
 * others.
 *
 * @param file the database of an arena that is not running
 */
export function writeModelHistories(file: string): ModelHistories {
  const db = new BetterSqlite(file)
  const slugs = db
    .prepare<[], { slug: string }>('select slug from models order by slug')
    .all()
    .map(({ slug }) => slug)
  db.prepare('update models set enabled = 1').run()
  for (const [index, slug] of slugs.entries()) {
    const tags = TAGS.filter((_, tag) => (index + tag) % (tag + 2) === 0)
    db.prepare('update models set tags = ? where slug = ?').run(JSON.stringify(tags), slug)
  }
  const [first = '', second = ''] = slugs
  const gone = slugs.slice(-3)
  const out = slugs.slice(-5, -3)
  db.prepare('update models set prices = ?, links = ?, description = ? where slug = ?').run(
    JSON.stringify({ inputPerMillion: 0.15, outputPerMillion: 2.5 }),
    JSON.stringify([
      { label: 'Model card', url: 'https://models.example/card' },
      { label: 'Paper', url: 'https://papers.example/2601.00001' },
    ]),
    'A simulated model.\nIts administrator says this of it, in two lines.',
    first,
  )
  for (const slug of out) db.prepare('update models set enabled = 0 where slug = ?').run(slug)
  for (const [index, slug] of gone.entries()) {
    db.prepare(
      'update models set enabled = 0, retired_at = ?, retired_reason = ? where slug = ?',
    ).run(
      Date.UTC(2026, 3, 3 + index),
      index === 0 ? null : 'Its maker has switched the endpoint off.',
      slug,
    )
  }
  addVersions(db, second)
  db.close()
  return { versioned: second, described: first, retired: gone, paused: out }
}

/** Three versions, each with a third of the model's votes. */
function addVersions(db: BetterSqlite.Database, slug: string): void {
  const votes = db
    .prepare<[string, string], { position: number; created_at: number }>(
      'select position, created_at from votes where slug_a = ? or slug_b = ? order by position',
    )
    .all(slug, slug)
  for (const version of [2, 3]) {
    const from = votes[Math.floor(((version - 1) * votes.length) / 3)]
    if (from === undefined) return
    for (const side of ['a', 'b']) {
      db.prepare(
        `update votes set version_${side} = ? where slug_${side} = ? and position >= ?`,
      ).run(version, slug, from.position)
    }
    db.prepare(
      `insert into model_versions (slug, version, provider, system_prompt, answer_prefix, sampling,
         caps, created_at)
       select slug, ?, provider, system_prompt, answer_prefix, ?, caps, ? from model_versions
       where slug = ? and version = 1`,
    ).run(
      version,
      JSON.stringify({ temperature: version === 2 ? 0.6 : 0.9 }),
      from.created_at,
      slug,
    )
  }
  db.prepare('update models set version = 3 where slug = ?').run(slug)
}
