/** What to convert, and where to. */
export interface ConvertOptions {
  /** Path of a GGUF file. */
  readonly file: string
  /** The model folder to make; must not exist, its parent is made where there is none. */
  readonly folder: string
  /** Stops between two pieces of work; nothing half-written stays. */
  readonly signal?: AbortSignal
  /** Told how much is done, from 0 to 1. */
  readonly progress?: (part: number) => void
}

/** What a conversion made. */
export interface Converted {
  /** Size of all files of the folder. */
  readonly bytes: number
  /** What the model is, in a few words. */
  readonly summary: string
  /** What somebody should know: what was requantised, what was left out. */
  readonly notes: readonly string[]
}

/**
 * Writes the model of a GGUF file as a folder that the inference loads. Throws a ConversionError
 * whose message says in one sentence what is broken or not supported.
 */
export async function convertGguf(options: ConvertOptions): Promise<Converted> {
  throw new Error(`${options.file} cannot be converted yet`)
}
