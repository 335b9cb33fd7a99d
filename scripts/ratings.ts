import { toCsv } from './ratings/csv-output.ts'
import { toJson } from './ratings/json-output.ts'
import { readOptions, USAGE } from './ratings/options.ts'
import { DataError, UsageError, visible } from './ratings/problems.ts'
import { createProgress } from './ratings/progress.ts'
import { rateFiles } from './ratings/rate-files.ts'
import { toTable } from './ratings/table-output.ts'

const WRITERS = { table: toTable, json: toJson, csv: toCsv } as const

/** `npm run ratings -- FILE… [options]`; see docs/ratings-command.md. @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const progress = createProgress(process.stderr, () => performance.now())
  const say = (line: string) => {
    progress.clear()
    console.error(line)
  }
  try {
    const options = readOptions(args)
    if (options.help) {
      console.log(USAGE)
      return 0
    }
    const report = await rateFiles(options, { progress, say, now: () => performance.now() })
    process.stdout.write(WRITERS[options.format](report))
    return 0
  } catch (cause) {
    const known = cause instanceof UsageError || cause instanceof DataError
    const message = cause instanceof Error ? cause.message : String(cause)
    say(`ratings: ${visible(known ? message : `unexpected: ${message}`)}`)
    if (cause instanceof UsageError && args.length === 0) console.error(USAGE)
    return cause instanceof UsageError ? 2 : 1
  }
}

// npm runs scripts in the package's folder; files are named from where the command was given.
const { npm_lifecycle_event: script, INIT_CWD: givenIn } = process.env
if (script === 'ratings' && givenIn !== undefined) process.chdir(givenIn)

// A reader who has seen enough (`| head`) is no failure.
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause
})
process.exitCode = await main(process.argv.slice(2))
