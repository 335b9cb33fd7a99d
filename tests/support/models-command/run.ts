import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** What a command left behind. */
export interface Run {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the real command on the models in `directory`. */
export function runModels(
  directory: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'models', ...args], {
    cwd: ROOT,
    env: {
      ...process.env,
      npm_lifecycle_event: '',
      MODELS_DIR: directory,
      INFERENCE_THREADS: '1',
      INFERENCE_DEVICE: 'cpu',
      HF_TOKEN: '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}
