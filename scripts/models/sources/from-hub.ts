import { mkdir, readFile, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { genaiConfigSchema } from '../../../inference/loading/genai-layout.ts'
import { requireSpace } from '../disk-space.ts'
import { bytesText } from '../format.ts'
import { type DownloadOptions, download } from '../hub/download.ts'
import { type HubModel, type HubOptions, headersOf, listFiles } from '../hub/hub-client.ts'
import {
  type GraphWish,
  type WantedFile,
  filesBelow,
  graphFiles,
  smallFiles,
} from '../hub/needed-files.ts'
import type { Progress } from '../progress.ts'

/** Where downloads are kept until they are whole; hidden, so that nobody takes them for models. */
const DOWNLOADS = '.downloads'
const SILENT_MS = 60_000

/** What to take from the hub. */
export interface HubWish extends GraphWish {
  /** The folder inside the model's files that holds the export. */
  readonly folder?: string | undefined
}

/** How to talk to the hub, and to whoever waits. */
export interface HubTransfer extends HubOptions {
  readonly progress: Progress
  readonly say: (line: string) => void
  /** Waits before a connection is tried again. */
  readonly wait: DownloadOptions['wait']
}

/**
 * Downloads what one graph of a model needs into the empty `target`. What came is kept beside the
 * models when it stops before the end, for the next time; it moves when it is whole.
 */
export async function fromHub(
  model: HubModel,
  wish: HubWish,
  directory: string,
  target: string,
  { progress, say, wait, ...options }: HubTransfer,
): Promise<void> {
  const { commit, files: all } = await listFiles(model, options)
  const files = filesBelow(all, wish.folder)
  const kept = join(directory, DOWNLOADS, `${model.owner}--${model.name}@${commit}`)
  const folder = wish.folder === undefined ? kept : join(kept, wish.folder.replaceAll('/', '--'))
  await mkdir(folder, { recursive: true })
  const base = `${options.endpoint}/${model.owner}/${model.name}/resolve/${commit}`
  const fetchAll = async (wanted: readonly WantedFile[]) => {
    for (const file of wanted) {
      const url = `${base}/${file.from.split('/').map(encodeURIComponent).join('/')}`
      await download(url, file, join(folder, file.path), {
        headers: headersOf(options),
        progress,
        signal: options.signal,
        silentMs: SILENT_MS,
        wait,
      })
    }
  }
  const small = smallFiles(files)
  try {
    await requireSpace(directory, sizeOf(small))
    progress.expect(sizeOf(small), 'downloading')
    await fetchAll(small)
    const graph = await graphFiles(files, wish, await genaiFile(folder, small))
    progress.end()
    say(
      `${graph[0]?.path ?? ''} of ${model.owner}/${model.name}@${commit.slice(0, 7)}: ${bytesText(sizeOf(graph))}`,
    )
    await requireSpace(directory, sizeOf(graph))
    progress.expect(sizeOf(graph), 'downloading')
    await fetchAll(graph)
    for (const { path } of [...small, ...graph]) {
      await mkdir(dirname(join(target, path)), { recursive: true })
      await rename(join(folder, path), join(target, path))
    }
    await rm(kept, { recursive: true, force: true })
  } finally {
    progress.end()
    await removeEmpty(join(directory, DOWNLOADS))
  }
}

async function genaiFile(
  folder: string,
  small: readonly WantedFile[],
): Promise<string | undefined> {
  if (!small.some(({ path }) => path === 'genai_config.json')) return undefined
  const text = await readFile(join(folder, 'genai_config.json'), 'utf8')
  try {
    return genaiConfigSchema.parse(JSON.parse(text)).model.decoder?.filename ?? undefined
  } catch (cause) {
    throw new Error('its genai_config.json cannot be read', { cause })
  }
}

function sizeOf(files: readonly WantedFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0)
}

/** Takes away a folder with nothing but empty ones in it. */
async function removeEmpty(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) await removeEmpty(join(folder, name))
  await rmdir(folder).catch(() => undefined)
}
