import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { z } from 'zod'

/** Larger than any tokenizer known (Gemma's has 34 MB); beyond, a file is taken for broken. */
const MAX_FILE_BYTES = 128 * 1024 * 1024

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
    return readFile(path, 'utf8')
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
    if (value === null) throw new Error(`${name} is missing`)
    return value
  }
}
