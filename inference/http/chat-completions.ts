import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { encodePrompt } from './encode-prompt.ts'
import { type Delta, Generation, type GenerationListener } from '../generation/generation.ts'
import { resolveSettings } from './resolve-settings.ts'
import type { ModelRegistry } from '../loading/model-registry.ts'
import type { MemoryGuard } from '../memory/memory-guard.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { RequestRecord } from '../metrics/request-record.ts'
import { type Job, QueueFullError, type Scheduler, type Ticket } from '../scheduling/scheduler.ts'
import { ApiError, toApiError } from './api-error.ts'
import { type ChatRequest, parseChatRequest } from './chat-request.ts'
import {
  type CompletionHead,
  chunk,
  completion,
  completionHead,
  usageChunk,
  usageOf,
} from './completion-shapes.ts'
import { EventStream } from './event-stream.ts'
import { findModel } from './find-model.ts'
import { readJson } from './read-json.ts'
import { sendError, sendJson } from './send.ts'
import { watchedJob } from './watched-job.ts'

/** What answering needs. */
export interface ChatDependencies {
  readonly registry: ModelRegistry
  readonly scheduler: Scheduler
  readonly log: Logger
  readonly metrics: Metrics
  readonly memory: MemoryGuard
  /** How long a client may leave a full stream unread, in milliseconds. */
  readonly stalledMs?: number
}

/** When to come again if memory is short, in seconds: an answer or two will have ended by then. */
const SHORT_OF_MEMORY_RETRY_SECONDS = 5

/** Answers POST /v1/chat/completions, whole or as a stream. Throws ApiError before it has answered. */
export async function chatCompletions(
  dependencies: ChatDependencies,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const record = new RequestRecord(dependencies.metrics, dependencies.log)
  // Also after the answer is complete, when there is nothing left to note.
  response.on('close', () => record.end('cancelled'))
  try {
    const body = await readJson(request)
    record.asked()
    answerChat(dependencies, clientOf(request), body, response, record)
  } catch (error) {
    if (!response.destroyed) record.end(toApiError(error).code)
    throw error
  }
}

function answerChat(
  dependencies: ChatDependencies,
  address: string,
  body: unknown,
  response: ServerResponse,
  record: RequestRecord,
): void {
  const chat = parseChatRequest(body)
  if (response.destroyed) return
  const model = findModel(dependencies.registry, chat.model)
  const promptIds = encodePrompt(model, chat)
  record.isFor(model.id, promptIds.length)
  const settings = resolveSettings(chat, model.generation, model.contextLength - promptIds.length)

  const answer: Answer = {
    dependencies,
    response,
    chat,
    head: completionHead(model.id),
    promptTokens: promptIds.length,
    record,
  }
  let ticket: Ticket | null = null
  const listener =
    chat.stream === true ? new StreamedAnswer(answer, () => ticket) : new WholeAnswer(answer)
  const generation = new Generation(model, promptIds, settings, listener)
  const client = chat.user ? `${address} ${chat.user}` : address
  // On a GPU its cache takes nothing of the memory that the system might run out of.
  const hostBytes =
    model.device === 'cpu' ? generation.reservedTokens * model.engine.bytesPerToken : 0
  ticket = submit(dependencies, watchedJob(generation, client, record), hostBytes)
  // Also after the answer is complete, when there is nothing left to cancel.
  response.on('close', () => ticket?.cancel())
  listener.begin()
}

/** Queues a job. Throws ApiError when there is no room for it now. */
function submit({ scheduler, memory }: ChatDependencies, job: Job, hostBytes: number): Ticket {
  if (!memory.allows(hostBytes)) {
    throw new ApiError('insufficient_memory', 'The server is short of memory; try again later.', {
      headers: { 'retry-after': String(SHORT_OF_MEMORY_RETRY_SECONDS) },
    })
  }
  try {
    return scheduler.submit(job)
  } catch (error) {
    if (!(error instanceof QueueFullError)) throw error
    throw new ApiError('queue_full', 'Too many requests are waiting; try again later.', {
      headers: { 'retry-after': String(error.retryAfterSeconds) },
    })
  }
}

/** Who asks, as far as the connection tells. */
function clientOf(request: IncomingMessage): string {
  return request.socket.remoteAddress ?? ''
}

interface Answer {
  readonly dependencies: ChatDependencies
  readonly response: ServerResponse
  readonly chat: ChatRequest
  readonly head: CompletionHead
  readonly promptTokens: number
  readonly record: RequestRecord
}

class WholeAnswer implements GenerationListener {
  readonly #answer: Answer
  readonly #deltas: Delta[] = []

  constructor(answer: Answer) {
    this.#answer = answer
  }

  begin(): void {}

  delta(delta: Delta): void {
    this.#deltas.push(delta)
  }

  end(...[reason, completionTokens, prompt]: Parameters<GenerationListener['end']>): void {
    const { response, chat, head, promptTokens, record } = this.#answer
    record.end(reason)
    const whole: Delta = {
      text: this.#deltas.map(({ text }) => text).join(''),
      logprobs: this.#deltas.flatMap(({ logprobs }) => logprobs),
    }
    const usage = usageOf(promptTokens, completionTokens)
    sendJson(response, 200, completion(head, whole, reason, usage, chat.logprobs === true, prompt))
  }

  fail(error: unknown): void {
    this.#answer.record.end('failed')
    this.#answer.dependencies.log.error(
      { err: error, model: this.#answer.head.model },
      'an answer failed',
    )
    sendError(this.#answer.response, toApiError(error))
  }
}

class StreamedAnswer implements GenerationListener {
  readonly #answer: Answer
  readonly #ticket: () => Ticket | null
  readonly #options: { withUsage: boolean; withLogprobs: boolean }
  #stream: EventStream | null = null

  constructor(answer: Answer, ticket: () => Ticket | null) {
    this.#answer = answer
    this.#ticket = ticket
    this.#options = {
      withUsage: answer.chat.stream_options?.include_usage === true,
      withLogprobs: answer.chat.logprobs === true,
    }
  }

  begin(): void {
    const { response, head, dependencies } = this.#answer
    this.#stream = new EventStream(response, this.#ticket, dependencies.stalledMs)
    this.#stream.send(chunk(head, { role: 'assistant' }, this.#options))
  }

  delta(delta: Delta): void {
    this.#stream?.send(chunk(this.#answer.head, { delta }, this.#options))
  }

  end(...[reason, completionTokens]: Parameters<GenerationListener['end']>): void {
    const { head, promptTokens, record } = this.#answer
    record.end(reason)
    this.#stream?.send(chunk(head, { reason }, this.#options))
    if (this.#options.withUsage)
      this.#stream?.send(usageChunk(head, usageOf(promptTokens, completionTokens)))
    this.#stream?.done()
  }

  fail(error: unknown): void {
    this.#answer.record.end('failed')
    this.#answer.dependencies.log.error(
      { err: error, model: this.#answer.head.model },
      'an answer failed',
    )
    this.#stream?.fail(toApiError(error).toJSON())
  }
}
