/** What was typed cannot be understood. */
export class UsageError extends Error {}

/** One word after `npm run models --`. */
export interface ModelsCommand {
  /** The line of the usage text, without the program's name. */
  readonly usage: string
  /**
   * Reads the arguments and returns what is to be done, so that nothing is touched when they are
   * wrong (a {@link UsageError}). What it does writes to standard output, stops soon after `signal`
   * and throws an Error whose message is one sentence.
   */
  read(args: readonly string[]): (signal: AbortSignal) => Promise<void>
}
