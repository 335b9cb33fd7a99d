import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Engine } from '../../../../inference/engine/engine.ts'
import { loadOnnxEngine } from '../../../../inference/engine/onnx-engine.ts'
import { largest } from '../../../../inference/generation/top-candidates.ts'
import { greedy, walk } from '../../../support/inference/greedy.ts'
import { TINY, goldenContinuations } from '../../../support/inference/models.ts'

async function engineOf(graph = 'model_q4', threads = 1): Promise<Engine> {
  const engine = await loadOnnxEngine(join(TINY, 'onnx', `${graph}.onnx`), { threads })
  onTestFinished(() => engine.dispose())
  return engine
}

const { prompts } = goldenContinuations(TINY)
const promptIds = prompts[13]?.prompt_ids ?? []
const outputIds = prompts[13]?.output_ids ?? []

describe('OnnxEngine', () => {
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

  it('keeps sequences apart that are read by turns', async () => {
    const engine = await engineOf()
    const pair = prompts.slice(4, 6)
    const sequences = pair.map(() => engine.open())
    const rows = await Promise.all(
      pair.map(async ({ prompt_ids }, index) =>
        engine.prefill(sequences[index] ?? engine.open(), prompt_ids),
      ),
    )
    let tokens = rows.map((row) => largest(row))
    const written = tokens.map((token) => [token])
    for (let step = 1; step < 20; step++) {
      const logits = await engine.decode(
        sequences.map((sequence, index) => ({ sequence, token: tokens[index] ?? -1 })),
      )
      tokens = logits.map((row) => largest(row))
      tokens.forEach((token, index) => written[index]?.push(token))
    }
    expect(sequences.map(({ length }) => length)).toEqual(
      pair.map(({ prompt_ids }) => prompt_ids.length + 19),
    )
    for (const [index, { prompt_ids }] of pair.entries()) {
      expect(written[index]).toEqual(await greedy(engine, prompt_ids, 20))
    }
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
    const [one, two] = [await engineOf('model_q4', 1), await engineOf('model_q4', 2)]
    expect(await greedy(two, promptIds, 12)).toEqual(await greedy(one, promptIds, 12))
  })

  it('fails on tokens outside of the vocabulary instead of ending the process', async () => {
    const engine = await engineOf()
    await expect(engine.prefill(engine.open(), [512])).rejects.toThrow(/./u)
    await expect(greedy(engine, promptIds, 2)).resolves.toEqual(outputIds.slice(0, 2))
  })

  it('refuses sequences that are freed or not its own', async () => {
    const engine = await engineOf()
    const sequence = engine.open()
    engine.free(sequence)
    await expect(engine.prefill(sequence, [1])).rejects.toThrow(/./u)
    await expect(async () => engine.prefill({ length: 0 }, [1])).rejects.toThrow(/another engine/u)
  })

  it('says why a graph cannot be opened', async () => {
    await expect(loadOnnxEngine(join(TINY, 'nothing.onnx'), { threads: 1 })).rejects.toThrow(
      /nothing\.onnx/u,
    )
    await expect(loadOnnxEngine(join(TINY, 'config.json'), { threads: 1 })).rejects.toThrow(/./u)
  })
})
