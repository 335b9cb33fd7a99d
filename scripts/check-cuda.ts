import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { CPU } from '../inference/engine/native/device.ts'
import type { DeviceChoice } from '../inference/engine/native/device-choice.ts'
import { inGib } from '../inference/engine/gibibytes.ts'
import { type LoadedModel, loadModel } from '../inference/loading/load-model.ts'
import { packageRoot } from '../inference/package-root.ts'
import { checkGolden, readGolden } from './check-cuda/golden-check.ts'
import { type Tell, checkMachine } from './check-cuda/machine.ts'
import { type Speed, measure } from './check-cuda/measure.ts'

// `npm run check:cuda`: whether models run on this machine's GPU, rightly and faster than without.
// Ends with 0 when they do, 1 when CUDA cannot be used, 2 when it answers wrongly.

const MODEL = join(packageRoot(import.meta.url), 'inference/models/smollm2-135m-instruct')
const BATCH = 8
const CACHE_BYTES = 1024 ** 3

const tell: Tell = (subject, text) => process.stdout.write(`${subject.padEnd(10)}${text}\n`)

async function main(): Promise<number> {
  const choice = checkMachine(tell)
  if (choice.because !== null) return verdict(1, `CUDA cannot be used: ${choice.because}`)

  const before = choice.cuda?.memory(0).freeBytes ?? 0
  const model = await load(choice)
  if (model.device !== 'cuda') {
    await model.engine.dispose()
    return verdict(1, `the model does not run on the GPU: ${model.deviceBecause}`)
  }
  tell(
    'model',
    `${model.id}, ${model.precision}, context ${model.contextLength}, in ${model.loadMs} ms`,
  )
  tell('memory', `${inGib(before - (choice.cuda?.memory(0).freeBytes ?? 0))} of the GPU taken`)

  const { compared, wrong, close } = await checkGolden(model.engine, await readGolden(MODEL), BATCH)
  tell('golden', `${compared} tokens, ${close} other where two were close, ${wrong.length} wrong`)
  for (const each of wrong.slice(0, 5)) tell('', each)
  const onGpu = await measure(model.engine, BATCH)
  tellSpeed('cuda', onGpu)
  await model.engine.dispose()
  tell('memory', `${inGib(choice.cuda?.memory(0).freeBytes ?? 0)} free on the GPU afterwards`)

  const cpu = await load({ device: CPU, because: null })
  const onCpu = await measure(cpu.engine, BATCH)
  tellSpeed('cpu', onCpu)
  await cpu.engine.dispose()

  if (wrong.length > 0) {
    return verdict(2, 'CUDA answers WRONGLY: set INFERENCE_DEVICE=cpu, and report this output')
  }
  const times = (onGpu.batchTokensPerSecond / onCpu.batchTokensPerSecond).toFixed(1)
  return verdict(0, `CUDA works: ${times} times the tokens a second of this CPU at batch ${BATCH}`)
}

function load(device: Pick<DeviceChoice, 'device' | 'because'>): Promise<LoadedModel> {
  const threads = Math.max(1, availableParallelism() - 1)
  return loadModel(MODEL, { threads, sequences: BATCH, cacheBytes: CACHE_BYTES, device })
}

function tellSpeed(where: string, { decodeMs, batchTokensPerSecond, prefillMs }: Speed): void {
  const [decode, batch, prefill] = [decodeMs, batchTokensPerSecond, prefillMs].map((figure) =>
    figure.toFixed(1),
  )
  tell(
    where,
    `decode ${decode} ms a token, batch ${BATCH} ${batch} tokens/s, 512 tokens read in ${prefill} ms`,
  )
}

function verdict(code: number, text: string): number {
  tell('verdict', text)
  return code
}

process.exitCode = await main().catch((error: unknown) =>
  verdict(1, `CUDA failed: ${error instanceof Error ? error.message : String(error)}`),
)
