import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { Router, type Request } from 'express'
import type { Logger } from 'pino'
import {
  EXPORT_COLUMNS,
  exportQuerySchema,
  type ExportedVote,
} from '../../shared/schemas/export.ts'
import type { VoteRepository } from '../votes/repository.ts'
import { exportVotes } from './vote-export.ts'

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
    const lines = Readable.from(exportVotes(deps.votes, period), { highWaterMark: 200 })
    response.set({
      'Content-Type':
        format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
      'Content-Disposition': `attachment; filename="trivium-votes.${format}"`,
      'Cache-Control': 'no-store',
      Vary: 'Authorization',
    })
    try {
      await pipeline(lines, format === 'csv' ? toCsv() : toJsonLines(), response)
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
