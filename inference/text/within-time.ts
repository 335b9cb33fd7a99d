import { type Context, Script, createContext } from 'node:vm'

/** Only what runs as a script can be given up: this one calls what stands in its context as `act`. */
const CALL = new Script('act()')
const sandbox: { act: () => void } = { act: () => {} }
let context: Context | undefined

/** Thrown when something took longer than it may. */
export class TooLongError extends Error {}

/**
 * Calls `act` and gives what it returns; gives it up after `milliseconds`, whatever it is doing.
 * For what a model folder brings along and may not end: it would hold up everybody for ever.
 * Throws what `act` throws, or TooLongError with `what` in its message.
 */
export function withinTime<Value>(what: string, milliseconds: number, act: () => Value): Value {
  let value: Value | undefined
  sandbox.act = () => {
    value = act()
  }
  try {
    context ??= createContext(sandbox)
    CALL.runInContext(context, { timeout: milliseconds })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error
    throw new TooLongError(`${what} takes longer than ${milliseconds / 1000} s`, { cause: error })
  }
  return value as Value
}
