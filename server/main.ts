import { statSync } from 'node:fs'
import { pino } from 'pino'
import { composeArena, type Arena } from './compose.ts'
import { misspeltSettings, readConfig } from './config.ts'
import { parseAllowedHosts } from './providers/allowed-hosts.ts'
import { loadSecrets } from './secrets/secrets.ts'

/** How long an orderly stop may take before the process ends all the same, in milliseconds. */
const STOP_TIMEOUT_MS = 10_000

/** A reason not to start, in one line for whoever starts it. */
class StartError extends Error {}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function unwrap<T>(result: { ok: true; value: T } | { ok: false; error: string }): T {
  if (result.ok) return result.value
  throw new StartError(result.error)
}

async function start(): Promise<void> {
  const config = unwrap(readConfig(process.env))
  for (const { name, meant } of misspeltSettings(process.env)) {
    process.stderr.write(`trivium: ${name} is not a setting; did you mean ${meant}?\n`)
  }
  const { inference, modelsDir } = config
  if (inference && modelsDir !== undefined && !isFolder(modelsDir)) {
    throw new StartError(`MODELS_DIR is "${modelsDir}": there is no such folder`)
  }
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
  const arena = await composeArena({
    config,
    secrets: unwrap(
      await loadSecrets(config.secretFile, Date.now(), (problem) => log.warn(problem)),
    ),
    allowedHosts: unwrap(parseAllowedHosts(config.providerAllowedHosts)),
    log,
  })
  stopOnSignals(arena)
  const port = await arena.listen()
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  process.stdout.write(`Trivium is ready at http://${host}:${port}\n`)
}

/** Ctrl-C ends everything in order; a second one ends it at once. */
function stopOnSignals(arena: Arena): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(signal === 'SIGINT' ? 130 : 143)
    stopping = true
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref()
    void arena.close().then(
      () => process.exit(0),
      (cause: unknown) => {
        process.stderr.write(`trivium: stopping failed: ${String(cause)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** One line for what goes wrong in ordinary life; a stack only for what never should. */
function explain(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const { code, address, port } = cause as { code?: string; address?: string; port?: number }
  if (code === 'EADDRINUSE') {
    return `port ${port} on ${address} is in use: stop what listens there, or set PORT to another`
  }
  if (code === 'EACCES' && port !== undefined) {
    return `port ${port} may not be opened by this user: set PORT to one above 1023`
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST: ${address ?? 'it'} is no address of this machine (${code})`
  }
  return cause.message
}

try {
  await start()
} catch (cause) {
  process.stderr.write(`trivium: ${explain(cause)}\n`)
  process.exit(1)
}
