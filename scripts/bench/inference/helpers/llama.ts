// node-llama-cpp on the file that the weights were converted from, in a process of its own.
import { pathToFileURL } from 'node:url'
import { serveParent } from '../../lib/helper.ts'
import type { Run } from '../run.ts'

interface Library {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<Model> }>
}
interface Model {
  createContext(options: object): Promise<{ getSequence(): Sequence }>
}
interface Sequence {
  clearHistory(): Promise<void>
  evaluate(ids: readonly number[], options: object): AsyncIterable<number>
}

let sequences: Sequence[] = []

serveParent({
  async load(entry: string, gguf: string, threads: number, atOnce: number): Promise<void> {
    const library = (await import(pathToFileURL(entry).href)) as Library
    const llama = await library.getLlama({
      gpu: false,
      build: 'never',
      logLevel: 'error',
      maxThreads: threads,
    })
    const model = await llama.loadModel({ modelPath: gguf })
    const context = await model.createContext({ sequences: atOnce, contextSize: 1024, threads })
    sequences = Array.from({ length: atOnce }, () => context.getSequence())
  },

  async run(prompts: number[][], tokens: number): Promise<Run> {
    for (const sequence of sequences) await sequence.clearHistory()
    const started = performance.now()
    const answer = async (ids: number[], index: number): Promise<number[]> => {
      const times: number[] = []
      const options = { temperature: 0, yieldEogToken: true }
      for await (const _ of sequences[index]?.evaluate(ids, options) ?? []) {
        times.push(performance.now() - started)
        if (times.length === tokens) return times
      }
      throw new Error(`${times.length} of ${tokens} tokens came`)
    }
    return { times: await Promise.all(prompts.map(answer)) }
  },
})
