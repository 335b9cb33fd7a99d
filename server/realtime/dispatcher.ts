import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Ack } from '../../shared/ack.ts'
import { failure, toWireError, type Failure } from '../../shared/errors.ts'
import { err, type Result } from '../../shared/result.ts'
import type { LimitedAct } from '../http/limits.ts'
import { toInvalidInput } from '../http/issues.ts'

/** One event: what it takes, what limits it, what it does, and what follows its ack. */
export type EventHandler<Context> = {
  readonly limitedAs: LimitedAct
  handle(context: Context, payload: unknown): Promise<Result<object, Failure>>
  /** Runs right after a positive ack has been given to the socket. */
  after?(context: Context, payload: unknown): void
}

/** Ties a schema to what is done with a payload of it. */
export function onEvent<Context, Schema extends z.ZodType>(
  limitedAs: LimitedAct,
  schema: Schema,
  handle: (context: Context, payload: z.output<Schema>) => Promise<Result<object, Failure>>,
  after?: (context: Context, payload: z.output<Schema>) => void,
): EventHandler<Context> {
  return {
    limitedAs,
    async handle(context, payload) {
      const parsed = schema.safeParse(payload)
      return parsed.success ? handle(context, parsed.data) : err(toInvalidInput(parsed.error))
    },
    ...(after === undefined
      ? {}
      : {
          after(context, payload) {
            after(context, schema.parse(payload))
          },
        }),
  }
}

type DispatcherDeps<Context> = {
  readonly handlers: ReadonlyMap<string, EventHandler<Context>>
  readonly log: Logger
  readonly limit: (context: Context, act: LimitedAct) => Promise<Result<void, Failure>>
}

/**
 * Answers every event, whatever it is: unknown ones, payloads of any shape, failures and bugs.
 * Nothing is answered by silence.
 */
export function createDispatcher<Context>({ handlers, log, limit }: DispatcherDeps<Context>) {
  async function answer(
    context: Context,
    event: string,
    payload: unknown,
  ): Promise<Result<object, Failure>> {
    const handler = handlers.get(event)
    if (handler === undefined) return err(failure('unknown_event'))
    if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
      return err(failure('invalid_input', 'This event takes one object.'))
    }
    const limited = await limit(context, handler.limitedAs)
    if (!limited.ok) return limited
    return handler.handle(context, payload)
  }

  return async (context: Context, event: string, args: unknown[]): Promise<void> => {
    const last = args.at(-1)
    const acknowledge =
      typeof last === 'function' ? (last as (ack: Ack<object>) => void) : undefined
    const payload = acknowledge !== undefined && args.length === 1 ? undefined : args[0]
    let result: Result<object, Failure>
    try {
      result = await answer(context, event, payload)
    } catch (cause) {
      log.error({ err: cause, event }, 'an event could not be handled')
      result = err(failure('internal'))
    }
    acknowledge?.(
      result.ok ? { ok: true, ...result.value } : { ok: false, error: toWireError(result.error) },
    )
    if (result.ok) handlers.get(event)?.after?.(context, payload)
  }
}
