import type { GraphNames } from '../engine/graph-names.ts'
import { type TokenizerJson, tokenizerJsonSchema } from '../text/tokenizer-json.ts'
import { type GraphChoice, type GraphDevice, chooseGraph } from './choose-graph.ts'
import { genaiConfigSchema, genaiGeneration, genaiNames } from './genai-layout.ts'
import { missingGraph } from './missing-file.ts'
import {
  type GenerationConfig,
  type TokenizerConfig,
  generationConfigSchema,
  idList,
  modelConfigSchema,
  tokenizerConfigSchema,
} from './model-configs.ts'
import { ModelFiles } from './model-files.ts'
import { soleGraph } from './sole-graph.ts'

/** What the files of a model folder say, before anything is loaded. */
export interface ModelFolder {
  readonly graph: GraphChoice
  /** Where that graph really is. */
  readonly graphPath: string
  /** What the graph calls its inputs and outputs; undefined: as optimum does. */
  readonly names: GraphNames | undefined
  /** Tokens that prompt and answer may have together, by its maker. */
  readonly contextLength: number
  /** Tokens that end an answer, as far as they are given as numbers. */
  readonly endIds: readonly number[]
  readonly generation: GenerationConfig
  readonly tokenizer: TokenizerJson
  readonly tokenizerConfig: TokenizerConfig
  readonly specialTokens: TokenizerConfig
  readonly templateSource: string
}

const DEFAULT_CONTEXT_LENGTH = 2048
const NO_HALVES =
  'the folder has no graph in q4f16 or fp16, the precisions that CUDA computes attention in'

/**
 * Reads a folder in the layout of optimum and transformers.js, or of onnxruntime-genai.
 * Throws an Error whose message names the file that is missing or wrong, and says what to do.
 *
 * @param graph the graph to take instead of the best: a file name without `.onnx`
 * @param device what the graph is to be computed on
 */
export async function readModelFolder(
  folder: string,
  graph?: string,
  device: GraphDevice = 'cpu',
): Promise<ModelFolder> {
  const files = new ModelFiles(folder)
  const genai = await files.json('genai_config.json', genaiConfigSchema)
  // onnxruntime-genai's folders say everything in that file, and have often no other.
  const config = genai
    ? ((await files.json('config.json', modelConfigSchema)) ?? {})
    : await files.requiredJson('config.json', modelConfigSchema)
  const generation =
    (await files.json('generation_config.json', generationConfigSchema)) ??
    (genai ? genaiGeneration(genai) : {})
  const tokenizer = await files.requiredJson('tokenizer.json', tokenizerJsonSchema)
  const tokenizerConfig = await files.requiredJson('tokenizer_config.json', tokenizerConfigSchema)
  const specialTokens = (await files.json('special_tokens_map.json', tokenizerConfigSchema)) ?? {}
  const templateSource = await templateIn(files, tokenizerConfig)

  const genaiFile = genai?.model.decoder?.filename
  const exists = async (file: string) => (await files.find(file)) !== null
  const dtype = config['transformers.js_config']?.dtype
  const choice =
    (await chooseGraph({ graph, dtype, genaiFile, device }, exists)) ??
    (device === 'cpu' && graph === undefined ? await onlyGraph(files, exists) : null)
  const graphPath = choice && (await files.find(choice.file))
  if (!choice || graphPath === null) {
    if (device === 'cuda' && graph === undefined) throw new Error(NO_HALVES)
    throw new Error(missingGraph(graph, await namesIn(files)))
  }
  await files.refusePointers(choice.file)

  const text = config.text_config
  return {
    graph: choice,
    graphPath,
    names: genai && choice.file === genaiFile ? genaiNames(genai) : undefined,
    contextLength:
      config.max_position_embeddings ??
      text?.max_position_embeddings ??
      config.n_positions ??
      config.max_seq_len ??
      genai?.model.context_length ??
      DEFAULT_CONTEXT_LENGTH,
    endIds: [
      ...idList(generation.eos_token_id),
      ...idList(config.eos_token_id),
      ...idList(text?.eos_token_id),
      ...idList(genai?.model.eos_token_id),
    ],
    generation,
    tokenizer,
    tokenizerConfig,
    specialTokens,
    templateSource,
  }
}

/** A graph with a name of its maker's own, where there is no other. */
async function onlyGraph(
  files: ModelFiles,
  exists: (file: string) => Promise<boolean>,
): Promise<GraphChoice | null> {
  const graph = soleGraph(await namesIn(files))
  return graph === undefined ? null : chooseGraph({ graph }, exists)
}

async function namesIn(files: ModelFiles): Promise<string[]> {
  const inOnnx = (await files.names('onnx')).map((name) => `onnx/${name}`)
  return [...(await files.names()), ...inOnnx]
}

/** Newer folders keep the template in a file of its own, which then counts. */
async function templateIn(files: ModelFiles, config: TokenizerConfig): Promise<string> {
  const own = await files.text('chat_template.jinja')
  if (own !== null) return own
  const { chat_template: template } = config
  if (typeof template === 'string') return template
  const chosen = template?.find(({ name }) => name === 'default') ?? template?.[0]
  if (chosen) return chosen.template
  throw new Error(
    'no chat template was found in tokenizer_config.json or chat_template.jinja: take a chat model (often named -instruct or -chat), or write chat_template.jinja',
  )
}
