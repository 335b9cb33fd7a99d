import { open, readFile, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import type { z } from 'zod'
import { missingFile } from './missing-file.ts'

/** Larger than any tokenizer known (Gemma's has 34 MB); beyond, a file is taken for broken. */
const MAX_FILE_BYTES = 128 * 1024 * 1024
/** How the text begins that stands in place of a file which Git keeps elsewhere. */
const POINTER = 'version https://git-lfs.github.com/spec/'

/** Reads the files of one model folder, and nothing outside of it. */
export class ModelFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * The real path of `name`, or null when there is no such file. Throws when a link leads out of
   * the folder: a folder is to be complete by itself, and must not publish other files' contents.
   */
  async find(name: string): Promise<string | null> {
    let path: string
    try {
      path = await realpath(join(this.#folder, name))
    } catch {
      return null
    }
    if (!path.startsWith((await realpath(this.#folder)) + sep)) {
      throw new Error(`${name} lies outside of the folder`)
    }
    return (await stat(path)).isFile() ? path : null
  }

  /** The text of `name`, or null when there is no such file. */
  async text(name: string): Promise<string | null> {
    const path = await this.find(name)
    if (path === null) return null
    const { size } = await stat(path)
    if (size > MAX_FILE_BYTES) throw new Error(`${name} is too large (${size} bytes)`)
    const text = await readFile(path, 'utf8')
    if (text.startsWith(POINTER)) throw pointer(name)
    return text
  }

  /** What `name` holds, checked; null when there is no such file. Throws when it is broken. */
  async json<Schema extends z.ZodType>(
    name: string,
    schema: Schema,
  ): Promise<z.infer<Schema> | null> {
    const text = await this.text(name)
    if (text === null) return null
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (error) {
      throw new Error(`${name} is not JSON: ${error instanceof Error ? error.message : ''}`, {
        cause: error,
      })
    }
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new Error(`${name}: ${issue?.path.join('.') || 'its contents'}: ${issue?.message}`)
  }

  /** As `json`, for files that every model needs. */
  async requiredJson<Schema extends z.ZodType>(
    name: string,
    schema: Schema,
  ): Promise<z.infer<Schema>> {
    const value = await this.json(name, schema)
    if (value === null) throw new Error(missingFile(name, await this.names()))
    return value
  }

  /** The names in the folder itself, or in one inside it; none where that is not. */
  async names(inside = ''): Promise<string[]> {
    try {
      return await readdir(join(this.#folder, inside))
    } catch {
      return []
    }
  }

  /** Throws when `name`, or a file of its external data, is only Git's note of where it is kept. */
  async refusePointers(name: string): Promise<void> {
    const folder = dirname(join(this.#folder, name))
    for (const each of await readdir(folder)) {
      if (!each.startsWith(basename(name))) continue
      const file = await open(join(folder, each))
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(POINTER.length), { position: 0 })
        if (buffer.toString('latin1', 0, bytesRead) === POINTER) throw pointer(each)
      } finally {
        await file.close()
      }
    }
  }
}

function pointer(name: string): Error {
  return new Error(
    `${name} is only Git's pointer to the file: fetch the file itself with git lfs pull`,
  )
}
