// Our engine alone in a process: no HTTP, no scheduler.
import { join } from 'node:path'
import { largest } from '../../../../inference/generation/top-candidates.ts'
import { type LoadedModel, loadModel } from '../../../../inference/loading/load-model.ts'
import { serveParent } from '../../lib/helper.ts'
import { makePrompt, type Prompt } from '../prompts.ts'
import type { Place, Run } from '../run.ts'

const CACHE_BYTES = 2 ** 30
let model: LoadedModel | undefined

function loaded(): LoadedModel {
  if (model === undefined) throw new Error('load first')
  return model
}

serveParent({
  async load({ directory, model: name }: Place, threads: number): Promise<string> {
    model = await loadModel(join(directory, name), {
      threads,
      sequences: 8,
      cacheBytes: CACHE_BYTES,
    })
    return `${model.engineKind} engine, ${model.precision}`
  },

  prompt: (tokens: number, number: number): Prompt => makePrompt(loaded().template, tokens, number),

  bytesPerToken: (): number => loaded().engine.bytesPerToken,

  async run([ids = []]: number[][], tokens: number): Promise<Run> {
    const { engine } = loaded()
    const started = performance.now()
    const times: number[] = []
    const sequence = engine.open()
    try {
      let token = largest(await engine.prefill(sequence, ids))
      times.push(performance.now() - started)
      while (times.length < tokens) {
        const [logits = new Float32Array(0)] = await engine.decode([{ sequence, token }])
        token = largest(logits)
        engine.recycle?.(logits)
        times.push(performance.now() - started)
      }
    } finally {
      engine.free(sequence)
    }
    return { times: [times] }
  },
})
