import { join } from 'node:path'
import { convertGguf } from '../../inference/gguf/convert.ts'
import { type ModelsCommand, UsageError } from './command.ts'
import { checkId, givenPath, idFrom, modelsDirectory } from './directory.ts'
import { readArguments } from './read-arguments.ts'

const MEBIBYTE = 1024 * 1024

/** `npm run models -- convert`: a GGUF file becomes a model folder. */
export const convertCommand: ModelsCommand = {
  usage: 'convert FILE.gguf [--out DIRECTORY] [--name ID]',
  read(args) {
    const { file, out, name } = wishesIn(args)
    return async (signal) => {
      const folder = join(out ?? modelsDirectory(), name)
      const done = await convertGguf({ file, folder, signal, progress: showProgress() })
      for (const note of done.notes) console.log(`note: ${note}`)
      console.log(`${folder}: ${(done.bytes / MEBIBYTE).toFixed(1)} MiB, ${done.summary}`)
    }
  },
}

function wishesIn(args: readonly string[]) {
  const options = { out: { type: 'string' }, name: { type: 'string' } } as const
  const { positionals, values } = readArguments(args, options)
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) throw new UsageError('convert takes one file')
  return {
    file: givenPath(file),
    out: values.out === undefined ? undefined : givenPath(values.out),
    name: checkId(values.name ?? idFrom(file.replace(/\.gguf$/iu, ''))),
  }
}

/** A line that is overwritten where somebody looks; nothing where output goes to a file. */
function showProgress(): (part: number) => void {
  if (!process.stderr.isTTY) return () => undefined
  let shown = -1
  return (part) => {
    const percent = Math.floor(part * 100)
    if (percent === shown) return
    shown = percent
    process.stderr.write(part < 1 ? `\rconverting ${percent} %` : '\r\u001B[K')
  }
}
