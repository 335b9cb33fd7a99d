import { parseArgs } from 'node:util'
import { createAuditLog } from '../server/admin/audit-repository.ts'
import { readConfig } from '../server/config.ts'
import { openDatabase, type Database } from '../server/database/database.ts'
import { lockInstance } from '../server/database/instance-lock.ts'
import { newModel } from '../server/models/change.ts'
import { createModelRepository } from '../server/models/repository.ts'
import { rebuildRatings } from '../server/ratings/rebuild.ts'
import { createRatingsRepository } from '../server/ratings/repository.ts'
import { createVoteRepository } from '../server/votes/repository.ts'
import { simulateArena, type SimulatedBattle, type SimulationOptions } from './simulate/arena.ts'
import { createSimulationRepository } from './simulate/repository.ts'
import type { SimulatedModel } from './simulate/world.ts'

const USAGE = 'usage: npm run simulate -- [--models 30] [--votes 50000] [--seed 1] [--days 60]'

/** Battles that are written at once. */
const CHUNK = 500
/** Nobody is there, and nobody is asked: simulated models are registered switched off. */
const NOWHERE = 'http://127.0.0.1:9/v1'
const DESCRIPTION =
  'Simulated: this model does not exist. Its battles and votes were made up by npm run simulate.'

/** What was typed cannot be understood. */
class UsageError extends Error {}

function readOptions(args: string[]): Omit<SimulationOptions, 'now'> {
  try {
    const { values } = parseArgs({
      args,
      options: {
        models: { type: 'string', default: '30' },
        votes: { type: 'string', default: '50000' },
        seed: { type: 'string', default: '1' },
        days: { type: 'string', default: '60' },
      },
    })
    return {
      models: readNumber('models', values.models, 2, 1000),
      votes: readNumber('votes', values.votes, 1, 5_000_000),
      seed: readNumber('seed', values.seed, 0, 2 ** 32 - 1),
      days: readNumber('days', values.days, 1, 3650),
    }
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause))
  }
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw new Error(`--${name} must be a whole number from ${least} to ${most}`)
}

/** Fills an empty database with an arena that never was. */
async function simulate(db: Database, options: SimulationOptions): Promise<void> {
  const battlesOf = createSimulationRepository(db)
  if (!(await battlesOf.isEmpty())) {
    throw new Error(
      'the database is not empty, and simulated votes must never mix with given ones: set DATABASE_URL to a new file',
    )
  }
  const { models, joinedAt, battles } = simulateArena(options)
  await register(db, models, joinedAt)

  const votes = createVoteRepository(db)
  let written = 0
  for (const chunk of chunks(battles)) {
    await battlesOf.insert(chunk)
    await votes.append(chunk.map(({ vote }) => vote))
    written += chunk.length
    if (process.stderr.isTTY) process.stderr.write(`\r${written} of ${options.votes} votes`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  await rebuildRatings({ votes, ratings: createRatingsRepository(db) })
  // The rating history is left to the arena, which makes up for it beside its work.
}

async function register(
  db: Database,
  models: readonly SimulatedModel[],
  joinedAt: (model: SimulatedModel) => number,
): Promise<void> {
  const repository = createModelRepository(db.kysely, createAuditLog(db.kysely))
  const provider = { kind: 'openai-compatible', baseUrl: NOWHERE, model: 'simulated' } as const
  await repository.insertAll(
    models.map((model) => {
      const { slug, name, organization, license } = model
      const about = { slug, name, organization, license, description: DESCRIPTION, enabled: false }
      return newModel(about, provider, joinedAt(model))
    }),
    () => ({ actor: 'npm run simulate', action: 'register' }),
  )
}

function* chunks(battles: Iterable<SimulatedBattle>): Generator<SimulatedBattle[]> {
  let chunk: SimulatedBattle[] = []
  for (const battle of battles) {
    chunk.push(battle)
    if (chunk.length < CHUNK) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** `npm run simulate`. @returns the exit code */
async function main(args: string[]): Promise<number> {
  try {
    const options = readOptions(args)
    const config = readConfig(process.env)
    if (!config.ok) throw new Error(config.error)
    const { database } = config.value
    const instance = lockInstance(database.path)
    try {
      const db = await openDatabase(database)
      try {
        await simulate(db, { ...options, now: Date.now() })
      } finally {
        await db.kysely.destroy()
      }
    } finally {
      instance.release()
    }
    console.log(
      `${options.votes} simulated votes on ${options.models} models in ${database.path} (seed ${options.seed})`,
    )
    return 0
  } catch (cause) {
    console.error(`simulate: ${cause instanceof Error ? cause.message : String(cause)}`)
    if (!(cause instanceof UsageError)) return 1
    console.error(USAGE)
    return 2
  }
}

process.exitCode = await main(process.argv.slice(2))
