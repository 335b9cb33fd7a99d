import { readConfig } from '../server/config.ts'
import { openDatabase } from '../server/database/database.ts'
import { checkRatings, rebuildRatings } from '../server/ratings/rebuild.ts'
import { createRatingsRepository } from '../server/ratings/repository.ts'
import { createVoteRepository } from '../server/votes/repository.ts'

/** `npm run rebuild [-- --check]`; see the contract. @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--check')
  if (unknown !== undefined) {
    console.error(`rebuild: unknown argument ${unknown}; usage: npm run rebuild [-- --check]`)
    return 2
  }
  const config = readConfig(process.env)
  if (!config.ok) {
    console.error(`rebuild: ${config.error}`)
    return 1
  }
  const check = args.includes('--check')
  const db = await openDatabase(config.value.database, { readonly: check })
  try {
    if (!check) {
      const deps = { votes: createVoteRepository(db), ratings: createRatingsRepository(db) }
      const position = await rebuildRatings(deps)
      console.log(`rebuilt from ${position} votes`)
      return 0
    }
    // One transaction, so that an arena that is running beside us can't move what is compared.
    const { position, difference } = await db.kysely.transaction().execute((kysely) => {
      const snapshot = { ...db, kysely }
      return checkRatings({
        votes: createVoteRepository(snapshot),
        ratings: createRatingsRepository(snapshot),
      })
    })
    if (difference !== undefined) {
      console.log(`different: ${difference}`)
      return 1
    }
    console.log(`the same to the bit: ${position} votes`)
    return 0
  } finally {
    await db.kysely.destroy()
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (cause) {
  console.error(`rebuild: ${cause instanceof Error ? cause.message : String(cause)}`)
  process.exitCode = 1
}
