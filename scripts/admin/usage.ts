import { parseArgs, type ParseArgsConfig } from 'node:util'

/** Who the audit log says did it. */
export const ACTOR = 'command line'

/** What was typed cannot be understood. */
export class UsageError extends Error {}

/** Reads options and nothing beside them; throws a {@link UsageError}. */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: T,
) {
  try {
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause))
  }
}
