// @huggingface/transformers on the same files, in a process of its own.
import { pathToFileURL } from 'node:url'
import { serveParent } from '../../lib/helper.ts'
import type { Place, Run } from '../run.ts'

interface Library {
  readonly env: { allowRemoteModels: boolean; localModelPath: string }
  readonly AutoModelForCausalLM: { from_pretrained(name: string, options: object): Promise<Model> }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => object
}
interface Model {
  generate(options: object): Promise<unknown>
}

let library: Library | undefined
let model: Model | undefined

serveParent({
  async load(entry: string, place: Place, threads: number): Promise<void> {
    library = (await import(pathToFileURL(entry).href)) as Library
    library.env.allowRemoteModels = false
    library.env.localModelPath = `${place.directory}/`
    model = await library.AutoModelForCausalLM.from_pretrained(place.model, {
      dtype: 'q4',
      device: 'cpu',
      session_options: { intraOpNumThreads: threads, interOpNumThreads: 1 },
    })
  },

  async run([ids = []]: number[][], tokens: number): Promise<Run> {
    if (library === undefined || model === undefined) throw new Error('load first')
    const { Tensor } = library
    const dims = [1, ids.length]
    const times: number[] = []
    const started = performance.now()
    await model.generate({
      inputs: new Tensor('int64', BigInt64Array.from(ids, BigInt), dims),
      attention_mask: new Tensor('int64', new BigInt64Array(ids.length).fill(1n), dims),
      max_new_tokens: tokens,
      do_sample: false,
      // The prompt comes first.
      streamer: { put: () => times.push(performance.now() - started), end: () => {} },
    })
    if (times.length !== tokens + 1) throw new Error(`${times.length - 1} of ${tokens} tokens came`)
    return { times: [times.slice(1)] }
  },
})
