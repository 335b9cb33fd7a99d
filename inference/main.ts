import { type Logger, pino } from 'pino'
import { type InferenceServer, startInferenceServer } from './server.ts'
import {
  type Settings,
  SettingsError,
  DEFAULT_HOST,
  DEFAULT_PORT,
  readSettings,
} from './settings.ts'

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
  const server = await startInferenceServer({ ...settings, log })
  const ending = endWith(settings, server)
  process.stdout.write(
    `${JSON.stringify({ listening: { host: server.host, port: server.port } })}\n`,
  )

  const count = await server.loaded
  if (ending.aborted) return
  if (count === 0) fail(`no model could be loaded from ${settings.modelsDirectory}`)
  announce(log, settings, server)
}

function announce(log: Logger, settings: Settings, server: InferenceServer): void {
  const models = server.registry.ready.map(({ id, precision }) => `${id} (${precision})`)
  const devices = new Set(server.registry.ready.map(({ device }) => device))
  const rssMb = Math.round(process.memoryUsage.rss() / 1024 ** 2)
  log.info(
    { host: server.host, port: server.port },
    `ready: ${models.join(', ')}; ${[...devices].join(' and ')}, ${settings.threads} thread(s), ${rssMb} MB`,
  )
}

/** Ends the process in good order when it is told to; the signal says that it has begun to. */
function endWith(settings: Settings, server: InferenceServer): AbortSignal {
  const ending = new AbortController()
  const end = (): void => {
    if (ending.signal.aborted) return
    ending.abort()
    setTimeout(() => process.exit(0), EXIT_WITHIN_MS).unref()
    void server.close().finally(() => process.exit(0))
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  if (settings.endsWithStdin)
    process.stdin.on('end', end).on('close', end).on('error', end).resume()
  return ending.signal
}

function fail(reason: string): never {
  process.stderr.write(`trivium inference: ${reason}\n`)
  process.exit(1)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof SettingsError) return error.message
  const host = process.env['INFERENCE_HOST'] || DEFAULT_HOST
  const port = process.env['INFERENCE_PORT'] || DEFAULT_PORT
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE')
    return `INFERENCE_PORT=${port} is in use by another process (on ${host})`
  const isAddress = syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo'
  return `cannot ${isAddress ? `listen on ${host}:${port}` : 'start'}: ${error.message}`
}

main().catch((error: unknown) => fail(reasonOf(error)))
