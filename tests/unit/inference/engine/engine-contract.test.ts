import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Engine, EngineSequence } from '../../../../inference/engine/engine.ts'
import { loadGrowingCacheEngine } from '../../../../inference/engine/growing-cache-engine.ts'
import { loadSharedCacheEngine } from '../../../../inference/engine/native/shared-cache-engine.ts'
import type { EngineOptions } from '../../../../inference/engine/open-engine.ts'
import { largest } from '../../../../inference/generation/top-candidates.ts'
import { greedy, walk } from '../../../support/inference/greedy.ts'
import { standInDevice, standInRuntime } from '../../../support/inference/stand-in-device.ts'
import { TINY, goldenContinuations } from '../../../support/inference/models.ts'

const OPTIONS: EngineOptions = {
  threads: 1,
  sequences: 8,
  contextLength: 2048,
  cacheBytes: 2 ** 30,
  chunkTokens: 64,
}
const { prompts } = goldenContinuations(TINY)
const promptIds = prompts[13]?.prompt_ids ?? []
const outputIds = prompts[13]?.output_ids ?? []

function loadInDeviceMemory(path: string, options: EngineOptions): Promise<Engine> {
  return loadSharedCacheEngine(path, { ...options, device: standInDevice(standInRuntime()) })
}

// What every engine promises, whatever it is made of.
describe.each([
  ['growing cache', loadGrowingCacheEngine],
  ['shared cache', loadSharedCacheEngine],
  ['shared cache in device memory', loadInDeviceMemory],
] as const)('an engine with a %s', (_name, load) => {
  async function engineOf(
    graph = 'model_q4',
    options: Partial<EngineOptions> = {},
  ): Promise<Engine> {
    const engine = await load(join(TINY, 'onnx', `${graph}.onnx`), { ...OPTIONS, ...options })
    onTestFinished(() => engine.dispose())
    return engine
  }

  it('tells its size', async () => {
    const engine = await engineOf()
    expect(engine.vocabularySize).toBe(512)
    // 2 layers, key and value, 2 heads of 16, 4 bytes each.
    expect(engine.bytesPerToken).toBe(2 * 2 * 2 * 16 * 4)
  })

  it('reads a prompt in chunks of any size alike', async () => {
    const engine = await engineOf()
    expect(promptIds.length).toBeGreaterThan(100)
    for (const chunk of [1, 7, 64, 1000]) {
      const tokens: number[] = []
      await walk(
        engine,
        promptIds,
        8,
        (logits) => {
          tokens.push(largest(logits))
          return tokens.at(-1) ?? -1
        },
        chunk,
      )
      expect(tokens).toEqual(outputIds.slice(0, 8))
    }
  })

  it('gives every sequence of a step the logits that it would have had alone', async () => {
    const engine = await engineOf()
    const read = async (sequence: EngineSequence, ids: readonly number[]) => {
      let logits = new Float32Array(0)
      for (let at = 0; at < ids.length; at += 64) {
        logits = new Float32Array(await engine.prefill(sequence, ids.slice(at, at + 64)))
      }
      return logits
    }
    const chosen = prompts.slice(2, 8)
    const alone = new Map<string, Float32Array[]>()
    for (const { name, prompt_ids, output_ids } of chosen) {
      const rows: Float32Array[] = []
      await walk(engine, prompt_ids, 12, (logits, index) => {
        rows.push(logits)
        return output_ids[index] ?? 1
      })
      alone.set(name, rows)
    }
    // One more joins at every other step; whoever has said its twelve leaves.
    const running: { name: string; sequence: EngineSequence; said: number; ids: number[] }[] = []
    const waiting = chosen.slice()
    for (let step = 0; running.length > 0 || waiting.length > 0; step += 1) {
      const next = step % 2 === 0 ? waiting.shift() : undefined
      if (next !== undefined) {
        const sequence = engine.open()
        expect(await read(sequence, next.prompt_ids)).toEqual(alone.get(next.name)?.[0])
        running.push({ name: next.name, sequence, said: 1, ids: next.output_ids })
      }
      const rows = await engine.decode(
        running.map(({ sequence, said, ids }) => ({ sequence, token: ids[said - 1] ?? 1 })),
      )
      for (const [index, one] of running.entries()) {
        expect(rows[index]).toEqual(alone.get(one.name)?.[one.said])
        one.said += 1
      }
      for (const one of running.filter(({ said }) => said === 12)) {
        engine.free(one.sequence)
        running.splice(running.indexOf(one), 1)
      }
      running.reverse()
    }
  })

  it('gives the logits after every token of a prompt', async () => {
    const engine = await engineOf()
    const ids = promptIds.slice(0, 100)
    const rows = await engine.prefillAll(engine.open(), ids)
    expect(rows).toHaveLength(100)
    for (const length of [1, 37, 64, 100]) {
      const row = await engine.prefill(engine.open(), ids.slice(0, length))
      const other = rows[length - 1] ?? new Float32Array(0)
      expect(largest(other)).toBe(largest(row))
      row.forEach((logit, index) =>
        expect(Math.abs(logit - (other[index] ?? NaN))).toBeLessThan(0.01),
      )
    }
  })

  it('keeps a sequence that waits while others go on', async () => {
    const engine = await engineOf()
    const [first, second] = prompts.slice(4, 6)
    const [waiting, busy] = [engine.open(), engine.open()]
    const start = largest(await engine.prefill(waiting, first?.prompt_ids ?? []))
    let token = largest(await engine.prefill(busy, second?.prompt_ids ?? []))
    for (let step = 0; step < 5; step += 1) {
      const [row] = await engine.decode([{ sequence: busy, token }])
      token = largest(row ?? new Float32Array(1))
    }
    const [row] = await engine.decode([{ sequence: waiting, token: start }])
    const [, expected] = await greedy(engine, first?.prompt_ids ?? [], 2)
    expect(largest(row ?? new Float32Array(1))).toBe(expected)
    expect(waiting.length).toBe((first?.prompt_ids.length ?? 0) + 1)
  })

  it('runs graphs with half-precision cache and logits', async () => {
    const engine = await engineOf('model_q4f16')
    expect(engine.bytesPerToken).toBe(2 * 2 * 2 * 16 * 2)
    for (const { prompt_ids, output_ids, margins } of prompts.slice(0, 5)) {
      const tokens = await greedy(engine, prompt_ids, output_ids.length, output_ids)
      const differing = tokens.flatMap((token, index) =>
        token === output_ids[index] ? [] : [margins[index]],
      )
      // Halves have three digits; where the two best are that close, either may come first.
      expect(differing.filter((margin) => (margin ?? 9) > 0.2)).toEqual([])
    }
  })

  it('gives the same logits with more threads', async () => {
    const one = await engineOf('model_q4', { threads: 1 })
    const two = await engineOf('model_q4', { threads: 2 })
    expect(await greedy(two, promptIds, 12)).toEqual(await greedy(one, promptIds, 12))
  })

  it('fails on tokens outside of the vocabulary instead of ending the process', async () => {
    const engine = await engineOf()
    await expect(engine.prefill(engine.open(), [512])).rejects.toThrow(/./u)
    await expect(engine.prefill(engine.open(), [-1])).rejects.toThrow(/./u)
    await expect(greedy(engine, promptIds, 2)).resolves.toEqual(outputIds.slice(0, 2))
  })

  it('refuses sequences that are freed or not its own', async () => {
    const engine = await engineOf()
    const sequence = engine.open()
    engine.free(sequence)
    await expect(engine.prefill(sequence, [1])).rejects.toThrow(/./u)
    await expect(async () => engine.prefill({ length: 0 }, [1])).rejects.toThrow(/another engine/u)
  })

  it('takes a freed place again, as often as one likes', async () => {
    const engine = await engineOf()
    for (let round = 0; round < 30; round += 1) {
      const sequence = engine.open()
      await engine.prefill(sequence, [1, 2, 3])
      engine.free(sequence)
    }
    await expect(greedy(engine, promptIds, 2)).resolves.toEqual(outputIds.slice(0, 2))
  })

  it('tells what its caches take, and gives back what nobody holds', async () => {
    const engine = await engineOf()
    expect(engine.cacheUse()).toEqual({ sequences: 0, heldTokens: 0, keptTokens: 0 })
    const [one, other] = [engine.open(), engine.open()]
    await engine.prefill(one, promptIds.slice(0, 64))
    await engine.prefill(other, promptIds.slice(0, 5))
    await engine.decode([{ sequence: other, token: 7 }])
    expect(engine.cacheUse()).toMatchObject({ sequences: 2, heldTokens: 70 })
    // What is held stays where it is.
    engine.trim()
    expect(engine.cacheUse()).toMatchObject({ sequences: 2, heldTokens: 70 })
    engine.free(one)
    expect(engine.cacheUse()).toMatchObject({ sequences: 1, heldTokens: 6 })
    expect(engine.cacheUse().keptTokens).toBeGreaterThanOrEqual(engine.remembers ? 64 : 0)
    engine.free(other)
    engine.trim()
    expect(engine.cacheUse()).toEqual({ sequences: 0, heldTokens: 0, keptTokens: 0 })
    // What was given back is not remembered, and its place serves on.
    expect(engine.open(promptIds.slice(0, 100)).length).toBe(0)
  })

  it('says why a graph cannot be opened', async () => {
    await expect(load(join(TINY, 'nothing.onnx'), OPTIONS)).rejects.toThrow(/nothing\.onnx/u)
    await expect(load(join(TINY, 'config.json'), OPTIONS)).rejects.toThrow(/./u)
  })
})
