import type { GraphPlan, IntegerInput, IntegerType } from '../graph-plan.ts'
import { halvesToFloats } from '../half.ts'
import { koffiLibrary } from './ort-library.ts'
import type { ElementType, NativeTensor, OrtSession } from './ort-session.ts'
import type { StepRunner } from './step-runner.ts'

/** Part of the largest logit by which two ways of one computation may differ: halves have three digits. */
const TOLERANCE = 0.02
const FIRST = 3

/**
 * Whether a graph really writes into the cache that it was given. Only running it tells: five tokens
 * are read in the shared memory and again into memory of their own, and the logits have to agree.
 *
 * @returns why not, or null when it does
 */
export async function sharingProblem(
  session: OrtSession,
  plan: GraphPlan,
  runner: StepRunner,
): Promise<string | null> {
  const ids = probeIds(plan)
  let shared: Float32Array | undefined
  try {
    await runner.run(0, [0], ids.slice(0, FIRST))
    ;[shared] = await runner.run(0, [FIRST], ids.slice(FIRST))
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  const apart = await readApart(session, plan, ids)
  const scale = apart.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0)
  const differs = apart.some(
    (logit, index) => !(Math.abs(logit - (shared?.[index] ?? NaN)) <= TOLERANCE * scale),
  )
  return differs ? 'its attention does not extend the cache where it is' : null
}

/**
 * Whether a token gives other logits alone than beside another row. It does where matrices of one
 * row are multiplied by kernels of their own.
 */
export async function loneRowDiffers(plan: GraphPlan, runner: StepRunner): Promise<boolean> {
  const ids = probeIds(plan)
  for (const slot of [0, 1]) await runner.run(slot, [0], ids.slice(0, FIRST))
  const [token = 0] = ids.slice(FIRST)
  const [alone] = await runner.run(0, [FIRST], [token])
  const [beside] = await runner.run(0, [FIRST, FIRST], [token, token])
  return alone?.some((logit, index) => logit !== beside?.[index]) ?? false
}

function probeIds({ vocabularySize }: GraphPlan): number[] {
  return Array.from({ length: FIRST + 1 }, (_, index) => (index * 7 + 1) % vocabularySize)
}

/** Reads tokens as a graph without shared memory would: the last alone, everything before at once. */
async function readApart(
  session: OrtSession,
  plan: GraphPlan,
  ids: readonly number[],
): Promise<Float32Array> {
  const empty = plan.slots.map(() => new Uint8Array(new ArrayBuffer(8)))
  const first = await step(session, plan, ids.slice(0, FIRST), 0, empty)
  const second = await step(session, plan, ids.slice(FIRST), FIRST, first.caches)
  return second.logits
}

async function step(
  session: OrtSession,
  plan: GraphPlan,
  ids: readonly number[],
  past: number,
  pasts: readonly Uint8Array[],
): Promise<{ logits: Float32Array; caches: Uint8Array[] }> {
  const total = past + ids.length
  const kept = plan.kept ? 1 : ids.length
  const binding = session.bind()
  const memory: ArrayBufferView[] = []
  const tensors: NativeTensor[] = []
  const over = (type: ElementType, shape: readonly number[], view: ArrayBufferView) => {
    memory.push(view)
    const tensor = session.tensor(type, shape, koffiLibrary().address(view))
    tensors.push(tensor)
    return tensor
  }
  const integers = (type: IntegerType, values: readonly number[]) =>
    type === 'int64' ? BigInt64Array.from(values, BigInt) : Int32Array.from(values)
  const give = ({ name, type }: IntegerInput, shape: readonly number[], values: number[]) =>
    binding.input(name, over(type, shape, integers(type, values)))
  const bytesOf = (type: ElementType, shape: readonly number[]) =>
    new Uint8Array(
      new ArrayBuffer(shape.reduce((sum, each) => sum * each, type === 'float32' ? 4 : 2)),
    )
  try {
    const positions = ids.map((_, index) => past + index)
    const ones = Array.from({ length: total }, () => 1)
    give(plan.ids, [1, ids.length], [...ids])
    give(plan.mask, [1, total], ones)
    if (plan.positions) give(plan.positions, [1, ids.length], positions)
    if (plan.kept) give(plan.kept, plan.kept.shape, [1])
    if (plan.cacheBranch) {
      binding.input('use_cache_branch', over('bool', [1], Uint8Array.of(past > 0 ? 1 : 0)))
    }
    const caches = plan.slots.map((slot, index) => {
      const { heads, width, type } = slot
      binding.input(
        slot.past,
        over(type, [1, heads, past, width], pasts[index] ?? new Uint8Array(8)),
      )
      const present = bytesOf(type, [1, heads, total, width])
      binding.output(slot.present, over(type, [1, heads, total, width], present))
      return present
    })
    const shape = [1, kept, plan.vocabularySize]
    const logits = bytesOf(plan.logitsType, shape)
    binding.output(plan.logits, over(plan.logitsType, shape, logits))
    await binding.run()
    const row = logits.buffer.slice(logits.byteLength - logits.byteLength / kept)
    return {
      logits:
        plan.logitsType === 'float32'
          ? new Float32Array(row)
          : halvesToFloats(new Uint16Array(row)),
      caches,
    }
  } finally {
    binding.release()
    for (const tensor of tensors) session.releaseTensor(tensor)
  }
}
