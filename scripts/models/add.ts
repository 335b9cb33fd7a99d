import { mkdir, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ARCHIVE, unpack } from './archive/unpack.ts'
import { tryModel } from './check/try-model.ts'
import { type ModelsCommand, UsageError } from './command.ts'
import { checkId, givenPath, idFrom, modelsDirectory } from './directory.ts'
import { backoff } from './hub/backoff.ts'
import { type HubModel, hubModel } from './hub/hub-client.ts'
import { type Progress, createProgress } from './progress.ts'
import { readArguments } from './read-arguments.ts'
import { copyFolder } from './sources/copy-folder.ts'
import { keepGraph } from './sources/keep-graph.ts'
import { fromHub } from './sources/from-hub.ts'
import { refuseUsed, stage } from './staging.ts'

const HUB = 'https://huggingface.co'

const OPTIONS = {
  name: { type: 'string' },
  link: { type: 'boolean' },
  graph: { type: 'string' },
  dtype: { type: 'string' },
  folder: { type: 'string' },
} as const

/** `npm run models -- add`: a folder, an archive or a model of the hub becomes a local model. */
export const addCommand: ModelsCommand = {
  usage:
    'add FOLDER|ARCHIVE|OWNER/NAME[@REVISION] [--name ID] [--link] [--graph NAME | --dtype q4] [--folder SUB]',
  read(args) {
    const { positionals, values } = readArguments(args, OPTIONS)
    const [source, ...others] = positionals
    if (source === undefined || others.length > 0) throw new UsageError('add takes one source')
    if (values.graph !== undefined && values.dtype !== undefined) {
      throw new UsageError('take --graph or --dtype, not both')
    }
    return async (signal) => {
      const directory = modelsDirectory()
      const found = await sourceOf(source)
      if (values.link === true && found.kind !== 'folder') {
        throw new UsageError('--link is for folders: archives and downloads are always copied')
      }
      if (values.link === true && values.graph !== undefined) {
        throw new UsageError('--graph takes the other graphs away, which --link must not')
      }
      if (found.kind !== 'hub' && (values.dtype ?? values.folder) !== undefined) {
        throw new UsageError('--dtype and --folder are for models of the hub')
      }
      const id = checkId(values.name ?? idFrom(found.name))
      await refuseUsed(directory, id)
      if (found.kind === 'folder' && values.link === true) {
        const answered = await tryAdded(found.path, signal)
        await mkdir(directory, { recursive: true })
        await symlink(found.path, join(directory, id))
        tell(id, answered, `linked to ${found.path}`)
        return
      }
      let answered = ''
      const progress = createProgress(process.stderr, () => performance.now())
      const target = await stage(directory, id, async (folder) => {
        const filled = await fill(found, folder, { directory, values, progress, signal })
        if (values.graph !== undefined) await keepGraph(filled, values.graph)
        answered = await tryAdded(filled, signal)
        return filled
      })
      tell(id, answered, target)
    }
  },
}

type Source =
  | { readonly kind: 'folder'; readonly name: string; readonly path: string }
  | { readonly kind: 'archive'; readonly name: string; readonly path: string }
  | { readonly kind: 'hub'; readonly name: string; readonly model: HubModel }

/** What is meant: what exists under that path, else a name on the hub. */
async function sourceOf(source: string): Promise<Source> {
  const path = givenPath(source)
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory() === true) return { kind: 'folder', name: basename(path), path }
  if (found?.isFile() === true) {
    if (ARCHIVE.test(path)) {
      return { kind: 'archive', name: basename(path).replace(ARCHIVE, ''), path }
    }
    const instead = /\.gguf$/iu.test(path)
      ? 'turn it into a folder with npm run models -- convert'
      : 'take a folder, or a .zip, .tar, .tar.gz or .tgz of one'
    throw new UsageError(`${source} is no model folder: ${instead}`)
  }
  const model = hubModel(source)
  if (model !== null) return { kind: 'hub', name: model.name, model }
  throw new UsageError(
    `there is no ${source}, and it is no name on the hub, such as owner/name or owner/name@revision`,
  )
}

interface FillOptions {
  readonly directory: string
  readonly values: { readonly graph?: string; readonly dtype?: string; readonly folder?: string }
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** @returns the folder of the model, at or below `folder` */
async function fill(source: Source, folder: string, options: FillOptions): Promise<string> {
  const { directory, values, progress, signal } = options
  if (source.kind === 'folder') {
    await copyFolder(source.path, folder, { progress, signal })
    return folder
  }
  if (source.kind === 'archive') return unpack(source.path, folder, { progress, signal })
  await fromHub(source.model, values, directory, folder, {
    endpoint: endpoint(),
    token: process.env['HF_TOKEN'] || undefined,
    progress,
    say: (line) => console.error(line),
    wait: backoff,
    signal,
  })
  return folder
}

function endpoint(): string {
  const named = process.env['HF_ENDPOINT'] || HUB
  if (URL.canParse(named) && /^https?:$/u.test(new URL(named).protocol)) {
    return named.replace(/\/+$/u, '')
  }
  throw new Error(`HF_ENDPOINT=${JSON.stringify(named)} is no http address`)
}

async function tryAdded(folder: string, signal: AbortSignal): Promise<string> {
  console.error('loading it …')
  try {
    return await tryModel(folder, undefined, signal, async ({ model, answered }) => {
      const { engineKind, precision, contextLength } = model
      return `${precision}, ${engineKind} engine, context ${contextLength}; ${answered}`
    })
  } catch (cause) {
    signal.throwIfAborted()
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`it was not added: ${why.replaceAll(`${dirname(folder)}/`, '')}`, { cause })
  }
}

function tell(id: string, answered: string, where: string): void {
  console.log(`${id}: ${where}; ${answered}`)
  console.error(
    'the inference serves it from its next start on; register it as {"kind":"onnx","model":"' +
      `${id}"}`,
  )
}
