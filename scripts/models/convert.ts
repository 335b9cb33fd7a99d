import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { convertGguf } from '../../inference/gguf/convert.ts'
import { packageRoot } from '../../inference/package-root.ts'
import { type ModelsCommand, UsageError } from './command.ts'

const MEBIBYTE = 1024 * 1024
/** What a folder may be called: its name is the model's id. */
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/u

/** `npm run models -- convert`: a GGUF file becomes a model folder. */
export const convertCommand: ModelsCommand = {
  usage: 'convert FILE.gguf [--out DIRECTORY] [--name ID]',
  read(args) {
    const { file, out, name } = readArguments(args)
    return async (signal) => {
      const folder = join(out ?? modelsDirectory(), name)
      const done = await convertGguf({ file, folder, signal, progress: showProgress() })
      for (const note of done.notes) console.log(`note: ${note}`)
      console.log(`${folder}: ${(done.bytes / MEBIBYTE).toFixed(1)} MiB, ${done.summary}`)
    }
  },
}

function readArguments(args: readonly string[]) {
  const options = { out: { type: 'string' }, name: { type: 'string' } } as const
  let parsed
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause))
  }
  const [file, ...others] = parsed.positionals
  if (file === undefined || others.length > 0) throw new UsageError('convert takes one file')
  const name = parsed.values.name ?? nameOf(file)
  if (!NAME.test(name)) {
    throw new UsageError(
      `--name ${JSON.stringify(name)} is no model id: use a-z, 0-9, ".", "_" and "-"`,
    )
  }
  return { file, out: parsed.values.out, name }
}

function nameOf(file: string): string {
  return basename(file)
    .toLowerCase()
    .replace(/\.gguf$/u, '')
    .replaceAll(/[^a-z0-9._-]+/gu, '-')
    .replace(/^[^a-z0-9]+/u, '')
}

function modelsDirectory(): string {
  return process.env['MODELS_DIR'] || join(packageRoot(import.meta.url), 'inference/models')
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
