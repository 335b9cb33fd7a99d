import type { GraphPlan } from '../graph-plan.ts'
import { halvesToFloats } from '../half.ts'
import { checkTokens } from '../tokens.ts'
import { type IntegerMemory, integerMemory } from './integer-memory.ts'
import { koffiLibrary } from './ort-library.ts'
import type { Binding, ElementType, NativeTensor, OrtSession } from './ort-session.ts'
import { COMPANION, SlotCache } from './slot-cache.ts'

/** Memory that JavaScript and the runtime both see. */
type Shared<Items> = { readonly items: Items; readonly address: bigint }

function shared<Items extends ArrayBufferView>(items: Items): Shared<Items> {
  return { items, address: koffiLibrary().address(items) }
}

/** How much a runner has room for. */
export type RunnerSize = {
  /** Rows that one step may have. */
  readonly slots: number
  /** Tokens that one row may have in all. */
  readonly maxLength: number
  /** Tokens that one row may read in one step. */
  readonly chunkTokens: number
}

/**
 * Runs steps over rows of the cache that lie side by side: a chunk of one, or a token of each. It
 * knows slots and lengths, and nothing of who they belong to.
 */
export class StepRunner {
  readonly cache: SlotCache
  /**
   * Whether a single token gets a second row beside it that nobody reads. Kernels for one row add
   * in another order than those for several; where that shows, a lone answer must not take them, or
   * its text would depend on who else is being answered.
   */
  accompanies = false
  readonly #session: OrtSession
  readonly #plan: GraphPlan
  readonly #maxLength: number
  /** Bound once for each run of slots. */
  readonly #bindings = new Map<string, { binding: Binding; tensors: NativeTensor[] }>()
  readonly #ids: IntegerMemory
  readonly #positions: IntegerMemory
  readonly #mask: IntegerMemory
  readonly #kept: IntegerMemory
  readonly #branch: Shared<Uint8Array>
  #logits: Shared<Float32Array | Uint16Array>
  readonly #spareRows: Float32Array[] = []
  readonly #mostSpareRows: number

  constructor(session: OrtSession, plan: GraphPlan, size: RunnerSize) {
    const { slots, maxLength, chunkTokens } = size
    this.#session = session
    this.#plan = plan
    this.#maxLength = maxLength
    this.#mostSpareRows = slots + 1
    this.cache = new SlotCache(plan.slots, slots, maxLength, session.memory)
    const most = Math.max(slots + 1, chunkTokens)
    this.#ids = integerMemory(plan.ids.type, most)
    this.#positions = integerMemory(plan.positions?.type ?? 'int64', most)
    this.#mask = integerMemory(plan.mask.type, (slots + 1) * maxLength)
    this.#kept = integerMemory(plan.kept?.type ?? 'int64', 1)
    this.#branch = shared(new Uint8Array(new ArrayBuffer(1)).fill(1))
    const rows = plan.kept ? slots + 1 : most
    this.#logits = logitsMemory(plan, rows)
  }

  /**
   * Reads tokens at the end of the rows in the slots from `first` on, as many for each.
   *
   * @param lengths tokens that each row has
   * @param ids those of the first row, then those of the second, and so on
   * @param everyToken for a single row: the logits after each of its tokens are wanted
   * @returns the logits after the last token of each row
   */
  async run(
    first: number,
    lengths: readonly number[],
    ids: readonly number[],
    everyToken = false,
  ): Promise<Float32Array[]> {
    this.#check(lengths, ids)
    if (!this.accompanies || first > 0 || ids.length > 1) {
      return this.#runSlots(first, lengths, ids, everyToken)
    }
    const [unread, row] = await this.#runSlots(COMPANION, [0, ...lengths], [0, ...ids])
    if (unread !== undefined) this.recycle(unread)
    return row === undefined ? [] : [row]
  }

  /** Takes back a row of logits that nobody reads any more. */
  recycle(row: Float32Array): void {
    const fits = row.length === this.#plan.vocabularySize && !this.#spareRows.includes(row)
    if (fits && this.#spareRows.length < this.#mostSpareRows) this.#spareRows.push(row)
  }

  release(): void {
    for (const { binding, tensors } of this.#bindings.values()) {
      binding.release()
      for (const tensor of tensors) this.#session.releaseTensor(tensor)
    }
    this.#bindings.clear()
  }

  #check(lengths: readonly number[], ids: readonly number[]): void {
    const perRow = ids.length / lengths.length
    if (lengths.some((length) => length + perRow > this.#maxLength)) {
      throw new RangeError(`the sequence is longer than the ${this.#maxLength} tokens of its slot`)
    }
    checkTokens(ids, this.#plan.vocabularySize)
  }

  async #runSlots(
    first: number,
    lengths: readonly number[],
    ids: readonly number[],
    everyToken = false,
  ): Promise<Float32Array[]> {
    const plan = this.#plan
    const rows = lengths.length
    const perRow = ids.length / rows
    const widest = Math.max(...lengths) + perRow
    const kept = plan.kept && !everyToken ? 1 : perRow
    const logits = this.#logitsFor(rows * kept)
    this.#kept.set(0, kept)
    this.#fill(lengths, ids, perRow, widest)
    const binding = this.#bindingOf(first, rows)
    const passing: NativeTensor[] = []
    const over = (type: ElementType, shape: readonly number[], address: bigint) => {
      const tensor = this.#session.tensor(type, shape, address)
      passing.push(tensor)
      return tensor
    }
    try {
      binding.input(plan.ids.name, over(plan.ids.type, [rows, perRow], this.#ids.address))
      binding.input(plan.mask.name, over(plan.mask.type, [rows, widest], this.#mask.address))
      if (plan.positions) {
        const { name, type } = plan.positions
        binding.input(name, over(type, [rows, perRow], this.#positions.address))
      }
      if (plan.kept) {
        binding.input(plan.kept.name, over(plan.kept.type, plan.kept.shape, this.#kept.address))
      }
      if (plan.cacheBranch) {
        binding.input('use_cache_branch', over('bool', [1], this.#branch.address))
      }
      const shape = [rows, kept, plan.vocabularySize]
      binding.output(plan.logits, over(plan.logitsType, shape, logits.address))
      await binding.run()
    } finally {
      for (const tensor of passing) this.#session.releaseTensor(tensor)
    }
    if (everyToken) return ids.map((_, index) => this.#rowOf(index))
    return lengths.map((_, row) => this.#rowOf((row + 1) * kept - 1))
  }

  #fill(lengths: readonly number[], ids: readonly number[], perRow: number, widest: number): void {
    ids.forEach((id, index) => {
      this.#ids.set(index, id)
    })
    const mask = this.#mask
    lengths.forEach((length, row) => {
      const end = row * widest + length + perRow
      mask.fill(1, row * widest, end)
      mask.fill(0, end, (row + 1) * widest)
      if (!this.#plan.positions) return
      for (let index = 0; index < perRow; index += 1) {
        this.#positions.set(row * perRow + index, length + index)
      }
    })
  }

  /** All logits of a chunk are wanted seldom: then the memory for them is made, and kept. */
  #logitsFor(rows: number): Shared<Float32Array | Uint16Array> {
    if (this.#logits.items.length < rows * this.#plan.vocabularySize) {
      this.#logits = logitsMemory(this.#plan, rows)
    }
    return this.#logits
  }

  #rowOf(index: number): Float32Array {
    const { items } = this.#logits
    const from = index * this.#plan.vocabularySize
    const to = from + this.#plan.vocabularySize
    const row = this.#spareRows.pop() ?? new Float32Array(this.#plan.vocabularySize)
    if (!(items instanceof Float32Array)) return halvesToFloats(items.subarray(from, to), row)
    row.set(items.subarray(from, to))
    return row
  }

  #bindingOf(first: number, rows: number): Binding {
    const key = `${first}+${rows}`
    const found = this.#bindings.get(key)
    if (found !== undefined) return found.binding
    const binding = this.#session.bind()
    const tensors = this.cache.memories.map(({ plan, addressOf }) => {
      const tensor = this.#session.cacheTensor(
        plan.type,
        [rows, plan.heads, this.#maxLength, plan.width],
        addressOf(first),
      )
      binding.input(plan.past, tensor)
      binding.output(plan.present, tensor)
      return tensor
    })
    this.#bindings.set(key, { binding, tensors })
    return binding
  }
}

function logitsMemory(
  { logitsType, vocabularySize }: GraphPlan,
  rows: number,
): Shared<Float32Array | Uint16Array> {
  const cells = rows * vocabularySize
  return logitsType === 'float32'
    ? shared(new Float32Array(new ArrayBuffer(cells * 4)))
    : shared(new Uint16Array(new ArrayBuffer(cells * 2)))
}
