import { addCommand } from './models/add.ts'
import { checkCommand } from './models/check.ts'
import { type ModelsCommand, UsageError } from './models/command.ts'
import { convertCommand } from './models/convert.ts'
import { visible } from './models/format.ts'
import { listCommand } from './models/list.ts'
import { removeCommand } from './models/remove.ts'

/** The words that `npm run models --` understands. */
const COMMANDS: Readonly<Record<string, ModelsCommand>> = {
  add: addCommand,
  list: listCommand,
  check: checkCommand,
  remove: removeCommand,
  convert: convertCommand,
}

const USAGE = Object.values(COMMANDS)
  .map(({ usage }, index) => `${index === 0 ? 'usage:' : '      '} npm run models -- ${usage}`)
  .join('\n')

/** @returns the exit code */
async function main([word = '', ...args]: readonly string[]): Promise<number> {
  const stop = new AbortController()
  // What is half done is taken back before the program ends.
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => stop.abort(new Error('stopped')))
  }
  try {
    if (!Object.hasOwn(COMMANDS, word)) throw new UsageError(`unknown command "${word}"`)
    await COMMANDS[word]?.read(args)(stop.signal)
    return 0
  } catch (cause) {
    console.error(`models: ${visible(cause instanceof Error ? cause.message : String(cause))}`)
    if (!(cause instanceof UsageError)) return 1
    console.error(USAGE)
    return 2
  }
}

process.exitCode = await main(process.argv.slice(2))
