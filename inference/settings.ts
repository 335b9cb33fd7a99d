import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { packageRoot } from './package-root.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const DEVICES = ['auto', 'cpu', 'cuda'] as const
const MAX_THREADS = 1024
export const DEFAULT_HOST = '127.0.0.1'
export const DEFAULT_PORT = '8080'

/** What the environment asks of the inference process. */
export interface Settings {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly modelsDirectory: string
  readonly device: (typeof DEVICES)[number]
  readonly threads: number
  readonly logLevel: (typeof LOG_LEVELS)[number]
  /** Whether the process is to end when its standard input does. */
  readonly endsWithStdin: boolean
}

/** A setting that cannot be used; the message is one line that says which and why. */
export class SettingsError extends Error {}

/**
 * Reads the settings from `environment`; an empty variable counts as not set. Throws SettingsError.
 *
 * `INFERENCE_PARENT=stdin` is for whoever starts this process with a pipe as its standard input: the
 * pipe breaks when the parent dies in whatever way, so nothing is left running.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const get = (name: string): string | undefined => environment[name] || undefined
  return {
    host: hostIn(get('INFERENCE_HOST') ?? DEFAULT_HOST),
    port: integerIn('INFERENCE_PORT', get('INFERENCE_PORT') ?? DEFAULT_PORT, 0, 65_535),
    modelsDirectory: directoryIn(get('MODELS_DIR')),
    device: choiceIn('INFERENCE_DEVICE', get('INFERENCE_DEVICE') ?? 'auto', DEVICES),
    threads: integerIn(
      'INFERENCE_THREADS',
      get('INFERENCE_THREADS') ?? String(defaultThreads()),
      1,
      MAX_THREADS,
    ),
    logLevel: choiceIn('LOG_LEVEL', get('LOG_LEVEL') ?? 'info', LOG_LEVELS),
    endsWithStdin:
      choiceIn('INFERENCE_PARENT', get('INFERENCE_PARENT') ?? 'none', ['none', 'stdin']) ===
      'stdin',
  }
}

/** One core is left to the arena, which runs beside. */
function defaultThreads(): number {
  return Math.max(1, availableParallelism() - 1)
}

function hostIn(value: string): string {
  if (/[\s/]/u.test(value)) throw invalid('INFERENCE_HOST', value, 'is not a host name or address')
  return value
}

function integerIn(name: string, value: string, min: number, max: number): number {
  const number = Number(value)
  if (/^\d+$/u.test(value) && number >= min && number <= max) return number
  throw invalid(name, value, `is not an integer from ${min} to ${max}`)
}

function choiceIn<Choice extends string>(
  name: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((candidate) => candidate === value)
  if (choice) return choice
  throw invalid(name, value, `is none of ${choices.join(', ')}`)
}

function directoryIn(value: string | undefined): string {
  const path =
    value === undefined ? join(packageRoot(import.meta.url), 'inference/models') : resolve(value)
  const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (!isDirectory) throw invalid('MODELS_DIR', value ?? path, 'is not a directory')
  return path
}

function invalid(name: string, value: string, why: string): SettingsError {
  return new SettingsError(`${name}=${JSON.stringify(value)} ${why}`)
}
