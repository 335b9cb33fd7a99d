import type { IncomingMessage, ServerResponse } from 'node:http'
import { failure, type Failure } from '../../shared/errors.ts'
import type { BoardFormat } from '../../shared/boards.ts'
import { boardQuerySchema, sliceSchema, type Slice } from '../../shared/schemas/leaderboard.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import type { Boards } from '../ratings/boards.ts'
import { toInvalidInput } from './issues.ts'
import { sendProblem } from './send-problem.ts'

const PATH = '/api/v1/leaderboard'

/** Query strings whose meaning is remembered: readers ask for few boards, over and over. */
const MAX_KNOWN_QUERIES = 256

type Wanted = { readonly slice: Slice; readonly format: BoardFormat }

/**
 * Answers `GET /api/v1/leaderboard` before Express sees it: the bytes are made once per version,
 * and Express alone would cost three times as much as sending them.
 *
 * @returns whether the request was answered
 */
export function createBoardEndpoint(boards: Boards) {
  const known = new Map<string, Result<Wanted, Failure>>()

  function wanted(query: string): Result<Wanted, Failure> {
    const before = known.get(query)
    if (before !== undefined) return before
    const parsed = parseQuery(query)
    if (known.size >= MAX_KNOWN_QUERIES) known.clear()
    known.set(query, parsed)
    return parsed
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = request.url ?? ''
    if (!url.startsWith(PATH)) return false
    if (url.length > PATH.length && url[PATH.length] !== '?') return false
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const parsed = wanted(url.slice(PATH.length + 1))
    if (!parsed.ok) {
      sendProblem(response, parsed.error)
      return true
    }
    const { body, etag, type } = boards.bytes(parsed.value.slice, parsed.value.format)
    if (matches(request.headers['if-none-match'], etag)) {
      response.writeHead(304, { ETag: etag, 'Cache-Control': 'no-cache' }).end()
      return true
    }
    response.writeHead(200, {
      'Content-Type': type,
      'Content-Length': body.length,
      'Cache-Control': 'no-cache',
      ETag: etag,
      'X-Content-Type-Options': 'nosniff',
    })
    response.end(request.method === 'HEAD' ? undefined : body)
    return true
  }
}

function parseQuery(query: string): Result<Wanted, Failure> {
  // Without a prototype: names come from the address.
  const fields = Object.create(null) as Record<string, string>
  for (const [name, value] of new URLSearchParams(query)) {
    if (name in fields) {
      return err(failure('invalid_input', `${name}: is given twice`, { field: name }))
    }
    // An empty value is a field left out, as forms send it.
    if (value !== '') fields[name] = value
  }
  const { format: givenFormat, ...given } = fields
  const format = boardQuerySchema.shape.format.safeParse(givenFormat)
  if (!format.success) {
    return err(failure('invalid_input', 'format: must be json or csv', { field: 'format' }))
  }
  const slice = sliceSchema.safeParse(given)
  if (!slice.success) return err(toInvalidInput(slice.error))
  return ok({ slice: slice.data, format: format.data })
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return (
    header === etag ||
    header === '*' ||
    header.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag)
  )
}
