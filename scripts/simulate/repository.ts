import type { Database } from '../../server/database/database.ts'
import type { SimulatedBattle } from './arena.ts'

/** Rows in one statement: SQLite binds at most 32,766 values. */
const ROWS = 500

/** Where simulated battles go; their votes go through the vote log. */
export function createSimulationRepository({ kysely }: Database) {
  return {
    /** Whether nobody has done anything here yet. */
    async isEmpty(): Promise<boolean> {
      for (const table of ['models', 'battles', 'votes'] as const) {
        const row = await kysely
          .selectFrom(table)
          .select((eb) => eb.lit(1).as('one'))
          .limit(1)
          .executeTakeFirst()
        if (row !== undefined) return false
      }
      return true
    },

    /** Writes battles with their turns and answers in one transaction. */
    async insert(battles: readonly SimulatedBattle[]): Promise<void> {
      await kysely.transaction().execute(async (trx) => {
        for (const some of chunks(battles.map(({ battle }) => battle))) {
          await trx.insertInto('battles').values(some).execute()
        }
        for (const some of chunks(battles.flatMap(({ turns }) => turns))) {
          await trx.insertInto('turns').values(some).execute()
        }
        for (const some of chunks(battles.flatMap(({ answers }) => answers))) {
          await trx.insertInto('answers').values(some).execute()
        }
      })
    },
  }
}

function* chunks<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let from = 0; from < rows.length; from += ROWS) yield rows.slice(from, from + ROWS)
}
