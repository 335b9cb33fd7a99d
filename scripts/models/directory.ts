import { readdir, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { packageRoot } from '../../inference/package-root.ts'
import { UsageError } from './command.ts'

/** What a folder may be called that a command makes: its name is the model's id. */
const ID = /^[a-z0-9][a-z0-9._-]{0,99}$/u

/** The directory of the model folders, as the inference reads it. */
export function modelsDirectory(): string {
  const named = process.env['MODELS_DIR']
  return named ? resolve(named) : join(packageRoot(import.meta.url), 'inference/models')
}

/** A path as it was meant where the command was typed: npm runs scripts in the package's folder. */
export function givenPath(path: string): string {
  const { npm_lifecycle_event: script, INIT_CWD: givenIn } = process.env
  return script === 'models' && givenIn !== undefined ? resolve(givenIn, path) : resolve(path)
}

/** A name as an id: small letters, and nothing that a folder's name should not have. */
export function idFrom(name: string): string {
  return basename(name)
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/gu, '-')
    .replace(/^[^a-z0-9]+/u, '')
}

/** Throws a UsageError when `id` cannot be the id of a model. */
export function checkId(id: string): string {
  if (ID.test(id)) return id
  throw new UsageError(
    `--name ${JSON.stringify(id)} is no model id: use a-z, 0-9, ".", "_" and "-"`,
  )
}

/** The ids of all folders in `directory`; hidden ones are none of ours, and where it is not there are none. */
export async function modelIds(directory: string): Promise<string[]> {
  const all = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return []
    throw new Error(`MODELS_DIR: ${cause.message}`, { cause })
  })
  const names = all.filter((name) => !name.startsWith('.')).sort()
  const kinds = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    ),
  )
  return names.filter((_, index) => kinds[index])
}
