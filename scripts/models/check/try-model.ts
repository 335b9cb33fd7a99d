import { type LoadedModel, loadModel } from '../../../inference/loading/load-model.ts'
import { visible } from '../format.ts'
import { checkGolden, readGolden } from './golden.ts'
import { greet } from './greeting.ts'
import { loadOptions } from './load-options.ts'

/** A model that was loaded and has answered. */
export interface Tried {
  readonly model: LoadedModel
  /** What it said, in a few words. */
  readonly answered: string
}

/**
 * Loads the model in `folder` and has it answer: golden prompts where the folder has some of its
 * graph, else a greeting. Hands the model to `use` while it is loaded.
 * Throws an Error whose message is the reason why it cannot be used.
 */
export async function tryModel<Result>(
  folder: string,
  graph: string | undefined,
  signal: AbortSignal,
  use: (tried: Tried) => Promise<Result>,
): Promise<Result> {
  const model = await loadModel(folder, loadOptions(graph))
  try {
    signal.throwIfAborted()
    const golden = await readGolden(folder, model.graph)
    if (golden === null) {
      const text = visible(await greet(model, signal))
      return await use({ model, answered: `it says ${JSON.stringify(text)}` })
    }
    const { prompts, tokens } = await checkGolden(model, golden, signal)
    return await use({ model, answered: `${prompts} golden prompts agree, ${tokens} tokens` })
  } finally {
    await model.engine.dispose()
  }
}
