import { type Logger, pino } from 'pino'
import { type InferenceServer, startInferenceServer } from './server.ts'
import { type Settings, SettingsError, readSettings } from './settings.ts'

// The process: one line {"listening":{"host","port"}} on stdout as soon as it listens, so that a
// parent who asked for any free port learns which; everything else goes to stderr.

/** What is under way may take so long to end; afterwards it is cut off. */
const EXIT_WITHIN_MS = 2000

async function main(): Promise<void> {
  const settings = readSettings(process.env)
  const log = pino(
    { name: 'inference', level: settings.logLevel },
    pino.destination({ dest: 2, sync: true }),
  )
  if (settings.device === 'cuda') {
    log.warn(
      'INFERENCE_DEVICE=cuda: this build runs models on the CPU only; it falls back to the CPU',
    )
  }
  const server = await startInferenceServer({ ...settings, log })
  endWith(settings, server)
  process.stdout.write(
    `${JSON.stringify({ listening: { host: server.host, port: server.port } })}\n`,
  )

  if ((await server.loaded) === 0) fail(`no model could be loaded from ${settings.modelsDirectory}`)
  announce(log, settings, server)
}

function announce(log: Logger, settings: Settings, server: InferenceServer): void {
  const models = server.registry.ready.map(({ id, precision }) => `${id} (${precision})`)
  const rssMb = Math.round(process.memoryUsage.rss() / 1024 ** 2)
  log.info(
    { host: server.host, port: server.port },
    `ready: ${models.join(', ')}; cpu, ${settings.threads} thread(s), ${rssMb} MB`,
  )
}

function endWith(settings: Settings, server: InferenceServer): void {
  let ending = false
  const end = (): void => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(0), EXIT_WITHIN_MS).unref()
    void server.close().finally(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  if (settings.endsWithStdin)
    process.stdin.on('end', end).on('close', end).on('error', end).resume()
}

function fail(reason: string): never {
  process.stderr.write(`trivium inference: ${reason}\n`)
  process.exit(1)
}

function reasonOf(error: unknown): string {
  if (error instanceof SettingsError) return error.message
  if (!(error instanceof Error)) return String(error)
  const { code } = error as NodeJS.ErrnoException
  const address = `${process.env['INFERENCE_HOST'] || '127.0.0.1'}:${process.env['INFERENCE_PORT'] || '8080'}`
  if (code === 'EADDRINUSE')
    return `${address} is in use by another process (INFERENCE_HOST, INFERENCE_PORT)`
  return `cannot start on ${address}: ${error.message}`
}

main().catch((error: unknown) => fail(reasonOf(error)))
