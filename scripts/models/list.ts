import { type ModelsCommand, UsageError } from './command.ts'
import { modelIds, modelsDirectory } from './directory.ts'
import { bytesText, tableText } from './format.ts'
import { describeFolder, type Described } from './list/describe-folder.ts'
import { readArguments } from './read-arguments.ts'

/** `npm run models -- list`: what is there, read from the folders' files. */
export const listCommand: ModelsCommand = {
  usage: 'list [--json]',
  read(args) {
    const { positionals, values } = readArguments(args, { json: { type: 'boolean' } } as const)
    if (positionals.length > 0) throw new UsageError('list takes no names')
    return async (signal) => {
      const directory = modelsDirectory()
      const models: Described[] = []
      for (const id of await modelIds(directory)) {
        signal.throwIfAborted()
        models.push(await describeFolder(directory, id))
      }
      if (values.json === true) console.log(JSON.stringify(models, null, 2))
      else if (models.length === 0) console.error(`there is no model in ${directory}`)
      else console.log(asTable(models))
    }
  },
}

function asTable(models: readonly Described[]): string {
  const rows = models.map((model) => [
    model.id,
    model.graph ?? '-',
    model.precision ?? '-',
    bytesText(model.bytes),
    model.contextLength === null ? '-' : String(model.contextLength),
    model.engine ?? '-',
    model.licence ?? '-',
  ])
  const table = tableText(
    ['id', 'graph', 'precision', 'size', 'context', 'engine', 'licence'],
    rows,
  )
  const problems = models.flatMap(({ id, problem }) =>
    problem === null ? [] : [`${id} is not served: ${problem}`],
  )
  return [table, ...problems].join('\n')
}
