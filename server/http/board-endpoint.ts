import type { IncomingMessage, ServerResponse } from 'node:http'
import { failure, type Failure } from '../../shared/errors.ts'
import type { Logger } from 'pino'
import {
  boardQuerySchema,
  historyQuerySchema,
  sliceSchema,
} from '../../shared/schemas/leaderboard.ts'
import { err, ok, type Result } from '../../shared/result.ts'
import type { BoardBytes, Boards } from '../ratings/boards.ts'
import type { Wish } from '../ratings/worker-messages.ts'
import { FailureError } from './failure.ts'
import { toInvalidInput } from './issues.ts'
import { sendProblem } from './send-problem.ts'

const PREFIX = '/api/v1/'

type Fields = Readonly<Record<string, string>>

/** What each path asks for. */
const WISHES = new Map<string, (fields: Fields) => Result<Wish, Failure>>([
  ['leaderboard', (fields) => boardWish('board', fields)],
  ['pairs', (fields) => boardWish('pairs', fields)],
  ['leaderboard/history', historyWish],
])

/** Query strings whose meaning is remembered: readers ask for few boards, over and over. */
const MAX_KNOWN_QUERIES = 256

/**
 * Answers `GET /api/v1/leaderboard`, `…/leaderboard/history` and `/api/v1/pairs` before Express sees
 * them: the bytes are made once per version, and Express alone would cost three times as much as
 * sending them.
 *
 * @returns whether the request is answered here
 */
export function createBoardEndpoint(boards: Pick<Boards, 'bytes'>, log: Logger) {
  const known = new Map<string, Result<Wish, Failure>>()

  /** What an address asks for; undefined if it is not one of ours. */
  function wished(url: string): Result<Wish, Failure> | undefined {
    const before = known.get(url)
    if (before !== undefined) return before
    const end = url.indexOf('?')
    const path = url.slice(PREFIX.length, end < 0 ? undefined : end)
    const parse = WISHES.get(path)
    if (parse === undefined) return undefined
    const fields = fieldsOf(end < 0 ? '' : url.slice(end + 1))
    const parsed = fields.ok ? parse(fields.value) : fields
    if (known.size >= MAX_KNOWN_QUERIES) known.clear()
    known.set(url, parsed)
    return parsed
  }

  return (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = request.url ?? ''
    if (!url.startsWith(PREFIX)) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') return false
    const wish = wished(url)
    if (wish === undefined) return false
    if (!wish.ok) {
      sendProblem(response, wish.error)
      return true
    }
    const answer = boards.bytes(wish.value)
    if (answer instanceof Promise) {
      answer.then(
        (bytes) => send(request, response, bytes),
        (cause: unknown) => {
          const expected = cause instanceof FailureError
          if (!expected) log.error({ err: cause }, 'a board could not be answered')
          sendProblem(response, expected ? cause.failure : failure('internal'))
        },
      )
    } else send(request, response, answer)
    return true
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { body, etag, type }: BoardBytes,
): void {
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, { ETag: etag, 'Cache-Control': 'no-cache' }).end()
    return
  }
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': body.length,
    'Cache-Control': 'no-cache',
    ETag: etag,
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function fieldsOf(query: string): Result<Fields, Failure> {
  // Without a prototype: names come from the address.
  const fields = Object.create(null) as Record<string, string>
  for (const [name, value] of new URLSearchParams(query)) {
    if (name in fields) {
      return err(failure('invalid_input', `${name}: is given twice`, { field: name }))
    }
    // An empty value is a field left out, as forms send it.
    if (value !== '') fields[name] = value
  }
  return ok(fields)
}

function boardWish(
  what: 'board' | 'pairs',
  { format: givenFormat, ...given }: Fields,
): Result<Wish, Failure> {
  const format = boardQuerySchema.shape.format.safeParse(givenFormat)
  if (!format.success) {
    return err(failure('invalid_input', 'format: must be json or csv', { field: 'format' }))
  }
  const slice = sliceSchema.safeParse(given)
  if (!slice.success) return err(toInvalidInput(slice.error))
  return ok({ what, slice: slice.data, format: format.data })
}

function historyWish(fields: Fields): Result<Wish, Failure> {
  const query = historyQuerySchema.safeParse(fields)
  return query.success
    ? ok({ what: 'history', query: query.data })
    : err(toInvalidInput(query.error))
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return (
    header === etag ||
    header === '*' ||
    header.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag)
  )
}
