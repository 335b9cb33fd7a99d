import { readConfig } from '../server/config.ts'
import { openDatabase } from '../server/database/database.ts'
import { createHistoryRepository } from '../server/ratings/history-repository.ts'
import { checkHistory, rebuildHistory } from '../server/ratings/rebuild-history.ts'
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
      const votes = createVoteRepository(db)
      const position = await rebuildRatings({ votes, ratings: createRatingsRepository(db) })
      await rebuildHistory({ votes, history: createHistoryRepository(db) })
      console.log(`rebuilt from ${position} votes`)
      return 0
    }
    // One transaction, so that an arena that is running beside us can't move what is compared.
    const { position, difference } = await db.kysely.transaction().execute(async (kysely) => {
      const snapshot = { ...db, kysely }
      const votes = createVoteRepository(snapshot)
      const checked = await checkRatings({ votes, ratings: createRatingsRepository(snapshot) })
      if (checked.difference !== undefined) return checked
      const history = createHistoryRepository(snapshot)
      return { ...checked, difference: await checkHistory({ votes, history }) }
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
