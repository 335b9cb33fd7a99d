import { CLASSIFIER } from '../server/classification/classifier.ts'
import { reclassify, type Reclassified } from '../server/classification/reclassify.ts'
import { createClassificationRepository } from '../server/classification/repository.ts'
import { readConfig } from '../server/config.ts'
import { openDatabase } from '../server/database/database.ts'
import { lockInstance } from '../server/database/instance-lock.ts'

/**
 * `npm run classify [-- --check]`: files every battle anew. Nothing that is projected from the log
 * tells languages and categories apart; boards do, and read the log at the arena's start.
 *
 * @returns the exit code
 */
async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg !== '--check')
  if (unknown !== undefined) {
    console.error(`classify: unknown argument ${unknown}; usage: npm run classify [-- --check]`)
    return 2
  }
  const config = readConfig(process.env)
  if (!config.ok) {
    console.error(`classify: ${config.error}`)
    return 1
  }
  const { database } = config.value
  if (args.includes('--check')) {
    const db = await openDatabase(database, { readonly: true })
    try {
      // One transaction, so that an arena that is running beside us can't change what is compared.
      const found = await db.kysely
        .transaction()
        .execute((kysely) => reclassify(createClassificationRepository({ ...db, kysely })))
      console.log(report(found, 'would be'))
      return found.filedAnew + found.stampedAnew === 0 ? 0 : 1
    } finally {
      await db.kysely.destroy()
    }
  }
  // An arena holds battles in memory: it would file votes as it knew them before.
  const instance = lockInstance(database.path)
  try {
    const db = await openDatabase(database)
    try {
      const repository = createClassificationRepository(db)
      const found = await reclassify(repository, (battles) => repository.file(battles))
      console.log(report(found, 'are'))
      return 0
    } finally {
      await db.kysely.destroy()
    }
  } finally {
    instance.release()
  }
}

function report({ battles, filedAnew, stampedAnew }: Reclassified, verb: string): string {
  return `${battles} battles, by ${CLASSIFIER}: ${filedAnew} ${verb} filed elsewhere, ${stampedAnew} ${verb} filed as before by an older classifier`
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (cause) {
  console.error(`classify: ${cause instanceof Error ? cause.message : String(cause)}`)
  process.exitCode = 1
}
