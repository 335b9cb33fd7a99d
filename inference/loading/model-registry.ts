import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type LoadOptions, type LoadedModel, loadModel } from './load-model.ts'

/** Where one model folder stands. */
export type ModelState =
  | { readonly id: string; readonly status: 'loading' }
  | { readonly id: string; readonly status: 'ready'; readonly model: LoadedModel }
  | { readonly id: string; readonly status: 'failed'; readonly reason: string }

/** All model folders under one directory. */
export class ModelRegistry {
  readonly #directory: string
  readonly #states: Map<string, ModelState>

  private constructor(directory: string, ids: readonly string[]) {
    this.#directory = directory
    this.#states = new Map(ids.map((id) => [id, { id, status: 'loading' }]))
  }

  /** Lists the folders in `directory`; hidden ones are none of ours. Throws when it cannot be read. */
  static async scan(directory: string): Promise<ModelRegistry> {
    const names = (await readdir(directory)).filter((name) => !name.startsWith('.')).sort()
    const kinds = await Promise.all(names.map((name) => isFolder(join(directory, name))))
    return new ModelRegistry(
      directory,
      names.filter((_, index) => kinds[index]),
    )
  }

  get states(): readonly ModelState[] {
    return [...this.#states.values()]
  }

  get(id: string): ModelState | undefined {
    return this.#states.get(id)
  }

  get ready(): readonly LoadedModel[] {
    return this.states.flatMap((state) => (state.status === 'ready' ? [state.model] : []))
  }

  /** Loads one folder after the other. One that fails is named with its reason and left out. */
  async load(options: LoadOptions, log: Logger, signal: AbortSignal): Promise<void> {
    for (const { id } of this.states) {
      if (signal.aborted) return
      try {
        const model = await loadModel(join(this.#directory, id), options)
        this.#states.set(id, { id, status: 'ready', model })
        tellLoaded(log, model, options.threads)
      } catch (error) {
        const reason = oneLine(error)
        this.#states.set(id, { id, status: 'failed', reason })
        log.error(
          { folder: join(this.#directory, id), reason },
          `model folder ${id} is left out: ${reason}`,
        )
      }
    }
  }

  /** Releases the weights of all models. */
  async dispose(): Promise<void> {
    await Promise.all(this.ready.map(({ engine }) => engine.dispose()))
  }
}

/** The one line that says how a model runs. */
function tellLoaded(log: Logger, model: LoadedModel, threads: number): void {
  const { id, engineKind, engineBecause, device, precision, contextLength, loadMs } = model
  const megabytes = Math.round(model.residentBytes / 1024 ** 2)
  const { deviceBecause, contextBecause } = model
  if (contextBecause !== null) log.warn({ model: id, contextLength }, `${id}: ${contextBecause}`)
  const onCpu = deviceBecause === null ? '' : ` (no CUDA: ${deviceBecause})`
  const because = engineBecause === null ? '' : ` (the faster one does not serve: ${engineBecause})`
  log.info(
    {
      model: id,
      engine: engineKind,
      because: engineBecause,
      device,
      deviceBecause,
      precision,
      threads,
      residentBytes: model.residentBytes,
      contextLength,
      loadMs,
    },
    `model loaded: ${id}, ${engineKind} engine${because}, ${device}${onCpu}, ${precision}, ` +
      `${threads} thread(s), ${megabytes} MB, context ${contextLength}, ${loadMs} ms`,
  )
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/\s+/gu, ' ').trim()
}
