// Our server as `npm run inference` runs it, in a process of its own; beside that it says how much
// of its time the engine took.
import { pino } from 'pino'
import type { Engine } from '../../../../inference/engine/engine.ts'
import { type InferenceServer, startInferenceServer } from '../../../../inference/server.ts'
import { serveParent } from '../../lib/helper.ts'

/** Time within the engine since the last question, in milliseconds. */
export type EngineTime = { prefillMs: number; decodeMs: number; steps: number }

const zero = (): EngineTime => ({ prefillMs: 0, decodeMs: 0, steps: 0 })
/** Who has been silent for so long has nothing left to read again. */
const IDLE_MS = 150
let spent = zero()
let callsUnderWay = 0
let lastCallAt = 0
let server: InferenceServer | undefined

serveParent({
  async listen(directory: string, threads: number): Promise<string> {
    server = await startInferenceServer({
      host: '127.0.0.1',
      port: 0,
      modelsDirectory: directory,
      threads,
      log: pino({ level: 'silent' }),
    })
    await server.loaded
    for (const { engine } of server.registry.ready) watch(engine)
    return `http://127.0.0.1:${server.port}`
  },

  engineTime(): EngineTime {
    const before = spent
    spent = zero()
    return before
  },

  /** Resolves when conversations that ended are read again, so that nobody else is disturbed. */
  async idle(): Promise<void> {
    const busy = () => callsUnderWay > 0 || performance.now() - lastCallAt < IDLE_MS
    while (busy()) {
      await new Promise((resolve) => setTimeout(resolve, IDLE_MS / 5))
    }
  },
})

function watch(engine: Engine): void {
  const prefill = engine.prefill.bind(engine)
  const decode = engine.decode.bind(engine)
  engine.prefill = (...args) => timed('prefillMs', () => prefill(...args))
  engine.decode = (...args) => {
    spent.steps += 1
    return timed('decodeMs', () => decode(...args))
  }
}

async function timed<Value>(
  kind: 'prefillMs' | 'decodeMs',
  call: () => Promise<Value>,
): Promise<Value> {
  const since = performance.now()
  callsUnderWay += 1
  try {
    return await call()
  } finally {
    callsUnderWay -= 1
    lastCallAt = performance.now()
    spent[kind] += lastCallAt - since
  }
}
