import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { Router, type Request } from 'express'
import type { Logger } from 'pino'
import {
  EXPORT_COLUMNS,
  exportQuerySchema,
  type ExportedVote,
  type ExportFormat,
} from '../../shared/schemas/export.ts'
import type { VoteRepository } from '../votes/repository.ts'
import { toParquet } from './vote-parquet.ts'
import { exportVotes } from './vote-export.ts'

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
}

type ExportDeps = {
  readonly votes: Pick<VoteRepository, 'readPeriod'>
  readonly exportDelayMs: number
  readonly log: Logger
  readonly now: () => number
  /** Whether the request carries an administrator's token; throws if it carries a wrong one. */
  isAdmin(request: Request): Promise<boolean>
}

/** `GET /api/v1/exports/votes`: streamed, so that its size costs no memory. */
export function exportRoutes(deps: ExportDeps): Router {
  const router = Router()
  router.get('/votes', async (request, response) => {
    const { format, from, to } = exportQuerySchema.parse(request.query)
    const admin = await deps.isAdmin(request)
    // Votes are released only after a while, so that nobody can watch who votes what.
    const released = admin ? Number.POSITIVE_INFINITY : deps.now() - deps.exportDelayMs + 1
    const until = Math.min(to ?? Number.POSITIVE_INFINITY, released)
    const period = { from, to: Number.isFinite(until) ? until : undefined }
    const votes = exportVotes(deps.votes, period)
    response.set({
      'Content-Type': CONTENT_TYPES[format],
      'Content-Disposition': `attachment; filename="trivium-votes.${format}"`,
      'Cache-Control': 'no-store',
      Vary: 'Authorization',
    })
    try {
      if (format === 'parquet') {
        await pipeline(Readable.from(toParquet(votes), { objectMode: false }), response)
      } else {
        const lines = Readable.from(votes, { highWaterMark: 200 })
        await pipeline(lines, format === 'csv' ? toCsv() : toJsonLines(), response)
      }
    } catch (cause) {
      // A reader who goes away is no failure of ours.
      if ((cause as { code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE') return
      deps.log.error({ err: cause }, 'an export broke off')
      response.destroy()
    }
  })
  return router
}

function toCsv() {
  return stringify({ header: true, columns: [...EXPORT_COLUMNS], escape_formulas: true })
}

function toJsonLines(): Transform {
  return new Transform({
    writableObjectMode: true,
    transform(vote: ExportedVote, _encoding, done) {
      done(null, `${JSON.stringify(vote)}\n`)
    },
  })
}
