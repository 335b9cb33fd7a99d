import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadSharedCacheEngine } from '../../../../../inference/engine/native/shared-cache-engine.ts'
import { openEngine } from '../../../../../inference/engine/open-engine.ts'
import { TINY, goldenContinuations } from '../../../../support/inference/models.ts'

const OPTIONS = {
  threads: 1,
  sequences: 3,
  contextLength: 256,
  cacheBytes: 2 ** 30,
  chunkTokens: 16,
}
const GRAPH = join(TINY, 'onnx', 'model_q4.onnx')
const longest = goldenContinuations(TINY)
  .prompts.toSorted((left, right) => right.prompt_ids.length - left.prompt_ids.length)[0]
  ?.prompt_ids.slice(0, 100)

async function engineOf(options = OPTIONS) {
  const engine = await loadSharedCacheEngine(GRAPH, options)
  onTestFinished(() => engine.dispose())
  return engine
}

describe('loadSharedCacheEngine', () => {
  it('knows the beginning of a prompt again, to the bit, at borders of chunks', async () => {
    const engine = await engineOf()
    const prompt = longest ?? []
    expect(prompt).toHaveLength(100)
    const read = async (ids: readonly number[]) => {
      const sequence = engine.open(ids)
      const known = sequence.length
      const rest = ids.slice(known)
      let logits = new Float32Array(0)
      for (let at = 0; at < rest.length; at += 16) {
        logits = new Float32Array(await engine.prefill(sequence, rest.slice(at, at + 16)))
      }
      return { sequence, known, logits }
    }
    const fresh = await read(prompt)
    expect(fresh.known).toBe(0)
    // Also while the first one is still held: then it is a copy.
    const beside = await read(prompt)
    expect(beside.known).toBe(96)
    expect(beside.logits).toEqual(fresh.logits)
    engine.free(fresh.sequence)
    engine.free(beside.sequence)
    const other = await read([...prompt.slice(0, 50), 7, 8, 9])
    expect(other.known).toBe(48)
    const anew = await engineOf()
    const whole = anew.open()
    let logits = new Float32Array(0)
    const ids = [...prompt.slice(0, 50), 7, 8, 9]
    for (let at = 0; at < ids.length; at += 16) {
      logits = new Float32Array(await anew.prefill(whole, ids.slice(at, at + 16)))
    }
    expect(other.logits).toEqual(logits)
  })

  it('uses rows again that were given back, once each, and leaves others alone', async () => {
    const engine = await engineOf()
    const sequence = engine.open()
    const step = async () => (await engine.decode([{ sequence, token: 7 }]))[0] ?? kept
    const kept = await engine.prefill(sequence, [1, 2, 3])
    const before = kept.slice()
    const given = new Set<Float32Array>()
    for (let count = 0; count < 8; count += 1) {
      const row = await step()
      given.add(row)
      engine.recycle?.(row)
      engine.recycle?.(row)
    }
    engine.recycle?.(new Float32Array(3))
    // A lone token may have a second row beside it, which takes one too.
    expect(given.size).toBeLessThan(4)
    const later = [await step(), await step(), await step(), await step()]
    expect(new Set([kept, ...later]).size).toBe(5)
    expect(kept).toEqual(before)
  })

  it('reads the last token of a prompt always, and never trusts what was decoded', async () => {
    const engine = await engineOf()
    const ids = (longest ?? []).slice(0, 32)
    const sequence = engine.open(ids)
    await engine.prefill(sequence, ids.slice(0, 16))
    for (const token of ids.slice(16)) await engine.decode([{ sequence, token }])
    engine.free(sequence)
    expect(engine.open(ids).length).toBe(16)
    expect(engine.open(ids.slice(0, 16)).length).toBe(0)
  })

  it('says when every slot is taken, and when a sequence outgrows its slot', async () => {
    const engine = await engineOf({ ...OPTIONS, contextLength: 20 })
    const [sequence] = [engine.open(), engine.open(), engine.open()]
    expect(() => engine.open()).toThrow(/slot/u)
    await expect(
      engine.prefill(
        sequence,
        Array.from({ length: 21 }, () => 1),
      ),
    ).rejects.toThrow(/longer/u)
  })

  it('lets the event loop go on while it reads', async () => {
    const engine = await engineOf({ ...OPTIONS, contextLength: 2048, chunkTokens: 2000 })
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    await engine.prefill(
      engine.open(),
      Array.from({ length: 2000 }, (_, index) => index % 512),
    )
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
  })
})

describe('openEngine', () => {
  it('takes the shared cache where the graph allows it', async () => {
    const opened = await openEngine(GRAPH, OPTIONS)
    onTestFinished(() => opened.engine.dispose())
    expect(opened).toMatchObject({ kind: 'shared-cache', because: null })
  })
})
