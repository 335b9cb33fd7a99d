import { join } from 'node:path'
import { type Speed, measureSpeed } from './check/measure.ts'
import { type Tried, tryModel } from './check/try-model.ts'
import { type ModelsCommand, UsageError } from './command.ts'
import { modelIds, modelsDirectory } from './directory.ts'
import { bytesText, visible } from './format.ts'
import { readArguments } from './read-arguments.ts'

/** `npm run models -- check`: loads models, has them answer and measures them. */
export const checkCommand: ModelsCommand = {
  usage: 'check [ID] [--graph NAME]',
  read(args) {
    const { positionals, values } = readArguments(args, { graph: { type: 'string' } } as const)
    const [wanted, ...others] = positionals
    if (others.length > 0) throw new UsageError('check takes one id, or none for all')
    return async (signal) => {
      const directory = modelsDirectory()
      const all = await modelIds(directory)
      if (wanted !== undefined && !all.includes(wanted)) {
        throw new Error(
          `there is no model ${visible(wanted)} in ${directory}; there are: ${all.join(', ') || 'none'}`,
        )
      }
      const ids = wanted === undefined ? all : [wanted]
      if (ids.length === 0) throw new Error(`there is no model in ${directory}`)
      let failed = 0
      for (const id of ids) {
        signal.throwIfAborted()
        try {
          console.log(await checkOne(directory, id, values.graph, signal))
        } catch (cause) {
          signal.throwIfAborted()
          failed += 1
          console.log(`${id}\n  failed: ${cause instanceof Error ? cause.message : String(cause)}`)
        }
      }
      if (failed > 0) throw new Error(`${failed} of ${ids.length} model(s) cannot be used`)
    }
  },
}

async function checkOne(
  directory: string,
  id: string,
  graph: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const before = process.memoryUsage.rss()
  return tryModel(join(directory, id), graph, signal, async (tried) => {
    const loaded = process.memoryUsage.rss()
    const speed = await measureSpeed(tried.model, signal)
    const memory = { before, loaded, after: process.memoryUsage.rss() }
    return [id, ...linesOf(tried, memory, speed).map((line) => `  ${line}`)].join('\n')
  })
}

function linesOf(
  { model, answered }: Tried,
  memory: { readonly before: number; readonly loaded: number; readonly after: number },
  speed: Speed,
): string[] {
  const because = model.engineBecause === null ? '' : ` (${model.engineBecause})`
  const onCpu = model.deviceBecause === null ? '' : `; not on a GPU: ${model.deviceBecause}`
  const rate = (value: number) => `${value >= 100 ? Math.round(value) : value.toFixed(1)} tokens/s`
  return [
    `graph    ${model.graph}, ${model.precision}, context ${model.contextLength}`,
    `engine   ${model.engineKind} on ${model.device}${because}${onCpu}`,
    `answers  ${answered}`,
    `memory   ${bytesText(memory.before)} before, ${bytesText(memory.loaded)} loaded, ` +
      `${bytesText(memory.after)} measured; ${bytesText(model.engine.bytesPerToken)} per token of an answer`,
    `speed    prefill ${rate(speed.prefill)} (${speed.promptTokens} tokens), ` +
      `decode ${rate(speed.decode)}, 8 at once ${rate(speed.batch)}`,
  ]
}
