import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Logger } from 'pino'
import * as z from 'zod'
import { SETTING_NAMES, type Config } from '../config.ts'
import { PACKAGE_ROOT } from '../paths.ts'

/** How to start the inference process. */
export type Command = { file: string; args: readonly string[] }

/** A child that runs: what it says of itself, and how to end it. */
export type InferenceProcess = {
  /** Undefined when it could not be started. */
  readonly pid: number | undefined
  /** Where it listens; never settles if it ends before. */
  readonly listening: Promise<{ host: string; port: number }>
  /** When it has ended, and how. */
  readonly exited: Promise<string>
  /** The last that it complained about. */
  lastError(): string | null
  /** Asks it to end; what does not obey is killed. */
  end(): Promise<void>
  kill(): void
}

const END_WITHIN_MS = 4000
const MAX_ERROR_CHARACTERS = 500

const listeningSchema = z.object({
  listening: z.object({ host: z.string(), port: z.int().min(1).max(65_535) }),
})
const logLineSchema = z.object({ level: z.number(), msg: z.string() })
const PINO_WARN = 40

/** The bundle beside the arena's own, or the source if the arena runs from source. */
export function inferenceCommand(): Command {
  const bundle = join(PACKAGE_ROOT, 'dist/inference/main.mjs')
  return !import.meta.url.endsWith('.ts') && existsSync(bundle)
    ? { file: process.execPath, args: [bundle] }
    : {
        file: process.execPath,
        args: ['--import', 'tsx', join(PACKAGE_ROOT, 'inference/main.ts')],
      }
}

/** The environment of the child: its own settings, and nothing of the arena's, least of all tokens. */
export function inferenceEnvironment(
  config: Pick<Config, 'modelsDir' | 'inferenceDevice' | 'inferenceThreads' | 'logLevel'>,
  inherited: NodeJS.ProcessEnv,
): Record<string, string> {
  const kept = Object.entries(inherited).filter(([name]) => !SETTING_NAMES.includes(name))
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    INFERENCE_HOST: '127.0.0.1',
    INFERENCE_PORT: '0',
    // It ends when its standard input does, so that nothing is left of an arena that was killed.
    INFERENCE_PARENT: 'stdin',
    INFERENCE_DEVICE: config.inferenceDevice,
    LOG_LEVEL: config.logLevel,
    ...(config.modelsDir === undefined ? {} : { MODELS_DIR: config.modelsDir }),
    ...(config.inferenceThreads === undefined
      ? {}
      : { INFERENCE_THREADS: String(config.inferenceThreads) }),
  }
}

export function startInferenceProcess(
  command: Command,
  env: Record<string, string>,
  log: Logger,
): InferenceProcess {
  const child = spawn(command.file, command.args, {
    cwd: PACKAGE_ROOT,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  // A child that is gone takes no input: its exit tells all there is to tell.
  child.stdin.on('error', () => undefined)
  let lastError: string | null = null

  const listening = new Promise<{ host: string; port: number }>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = listeningSchema.safeParse(parseJson(line))
      if (parsed.success) resolve(parsed.data.listening)
    })
  })
  createInterface({ input: child.stderr }).on('line', (line) => {
    const entry = logLineSchema.safeParse(parseJson(line))
    const serious = !entry.success || entry.data.level >= PINO_WARN
    const text = (entry.success ? entry.data.msg : line).slice(0, MAX_ERROR_CHARACTERS)
    if (serious && text.trim() !== '') lastError = text
    log[serious ? 'warn' : 'debug']({ from: 'inference' }, text)
  })
  const exited = new Promise<string>((resolve) => {
    child.once('error', (cause) => resolve(`cannot be started: ${cause.message}`))
    // 'close' rather than 'exit': by then its last words have been read.
    child.once('close', (code, signal) => resolve(describeExit(code, signal)))
  })

  return {
    pid: child.pid,
    listening,
    exited,
    lastError: () => lastError,
    kill: () => void child.kill('SIGKILL'),
    end: () => end(child, exited),
  }
}

async function end(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.stdin?.end()
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), END_WITHIN_MS)
  await exited
  clearTimeout(timer)
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
