import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Engine } from '../engine/engine.ts'
import { CPU, type Device } from '../engine/native/device.ts'
import { type OpenedEngine, openEngine } from '../engine/open-engine.ts'
import { type FreeMemory, readFreeMemory } from '../memory/free-memory.ts'
import { ChatTemplate } from '../text/chat-template.ts'
import { PromptEncoder } from '../text/prompt-encoder.ts'
import { type TokenBytes, createTokenBytes } from '../text/token-bytes.ts'
import { type TokenizerJson, largestTokenId } from '../text/tokenizer-json.ts'
import { graphProblem } from './graph-problem.ts'
import { graphSize } from './graph-size.ts'
import { planMemory, whyShorter } from './memory.ts'
import { type GenerationConfig, tokenNames } from './model-configs.ts'
import { readModelFolder } from './model-folder.ts'
import { CHUNK_TOKENS } from '../scheduling/scheduler.ts'
import { warmUp } from './warm-up.ts'

/** A model that answers. */
export interface LoadedModel {
  /** The name of its folder. */
  readonly id: string
  readonly engine: Engine
  /** Which engine that is, and why not the faster one. */
  readonly engineKind: OpenedEngine['kind']
  readonly engineBecause: string | null
  readonly device: OpenedEngine['device']
  /** Why it is not the GPU; null where it is, or none was wanted. */
  readonly deviceBecause: string | null
  readonly template: ChatTemplate
  readonly tokens: TokenBytes
  /** Any of these tokens ends an answer. */
  readonly endIds: ReadonlySet<number>
  /** Tokens that prompt and answer may have together. */
  readonly contextLength: number
  /** Why that is less than its maker gave it. */
  readonly contextBecause: string | null
  /** What its maker recommends. */
  readonly generation: GenerationConfig
  /** The file of its graph, inside its folder. */
  readonly graph: string
  readonly precision: string
  /** When its graph was written, in seconds since 1970. */
  readonly created: number
  /** How long it took to load, in milliseconds. */
  readonly loadMs: number
  /** How long its first two steps took, in milliseconds: a short prompt and one token. */
  readonly warmUpMs: number
  /** By how much loading it made the process grow, in bytes. */
  readonly residentBytes: number
}

/** How to load a model, whichever it is. */
export interface LoadOptions {
  /** Threads that one step may use. */
  readonly threads: number
  /** Answers that may be under way at once. */
  readonly sequences: number
  /** Memory that the caches of all sequences may take, in bytes; one must not need more. */
  readonly cacheBytes: number
  /** The graph to take instead of the best: a file name without `.onnx`. */
  readonly graph?: string
  /** What to compute on, and why not the GPU; the CPU when it is left out. */
  readonly device?: { readonly device: Device; readonly because: string | null }
  /** How memory is read; null where nobody tells. */
  readonly readFreeMemory?: () => FreeMemory | null
}

/**
 * Loads the model in `folder` (Hugging Face layout) and runs it once. What a GPU cannot run, or has
 * no room for, runs on the CPU, and says why. Throws an Error whose message says in one line what is
 * missing or wrong, or how much memory is short; nothing stays open then.
 */
export async function loadModel(folder: string, options: LoadOptions): Promise<LoadedModel> {
  const { device, because } = options.device ?? { device: CPU, because: null }
  if (device.kind === 'cpu') return loadOn(CPU, because, folder, options)
  let failure: string
  try {
    return await loadOn(device, null, folder, options)
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  return loadOn(CPU, failure, folder, options)
}

async function loadOn(
  device: Device,
  deviceBecause: string | null,
  folder: string,
  options: LoadOptions,
): Promise<LoadedModel> {
  const started = performance.now()
  const residentBefore = process.memoryUsage.rss()
  const read = await readModelFolder(folder, options.graph, device.kind)
  const { tokenizer: json, tokenizerConfig, templateSource: source, graph } = read
  const encoder = explained(
    'tokenizer.json',
    () => new PromptEncoder(json, tokenizerConfig, source),
  )
  const tokens = explained('tokenizer.json', () =>
    createTokenBytes(json, (id) => encoder.spelling(id)),
  )
  const names = tokenNames(tokenizerConfig, read.specialTokens)
  const template = explained('the chat template', () => new ChatTemplate(source, encoder, names))
  const probe = explained('the chat template', () =>
    template.encode([{ role: 'user', content: 'Hello!' }], 'answer'),
  )
  const memory = planMemory(await graphSize(read.graphPath), {
    hostFreeBytes: (options.readFreeMemory ?? readFreeMemory)()?.freeBytes ?? null,
    deviceFreeBytes: device.freeBytes(),
    cacheBytes: options.cacheBytes,
  })
  if (!memory.fits) throw new Error(memory.reason)
  const opened = await openEngine(read.graphPath, {
    ...options,
    device,
    cacheBytes: memory.cacheBytes,
    contextLength: read.contextLength,
    chunkTokens: CHUNK_TOKENS,
    names: read.names,
  }).catch((error: unknown) => {
    throw graphProblem(graph.file, error)
  })
  const { engine } = opened
  try {
    const endIds = new Set([...read.endIds, ...idOf(json, names['eos_token'])])
    checkVocabulary(json, endIds, engine.vocabularySize)
    const warmingSince = performance.now()
    await warmUp(engine, probe)
    return {
      id: basename(folder),
      engine,
      engineKind: opened.kind,
      engineBecause: opened.because,
      device: opened.device,
      deviceBecause,
      template,
      tokens,
      endIds,
      contextLength: opened.contextLength,
      contextBecause: whyShorter(read.contextLength, opened.contextLength, engine.bytesPerToken),
      generation: read.generation,
      graph: graph.file,
      precision: graph.precision,
      created: Math.floor((await stat(read.graphPath)).mtimeMs / 1000),
      loadMs: Math.round(performance.now() - started),
      warmUpMs: Math.round(performance.now() - warmingSince),
      residentBytes: Math.max(0, process.memoryUsage.rss() - residentBefore),
    }
  } catch (error) {
    await engine.dispose()
    throw error
  }
}

function checkVocabulary(json: TokenizerJson, endIds: ReadonlySet<number>, size: number): void {
  const largest = largestTokenId(json)
  if (largest >= size) {
    throw new Error(
      `tokenizer.json has token ${largest}, but the graph knows ${size} tokens: they are of different models`,
    )
  }
  for (const id of endIds) {
    if (id < 0 || id >= size)
      throw new Error(`eos_token_id: the end token ${id} is outside of the vocabulary`)
  }
  if (endIds.size === 0)
    throw new Error('no token ends an answer: name it as eos_token_id in generation_config.json')
}

function idOf(
  { added_tokens, model: { vocab } }: TokenizerJson,
  token: string | undefined,
): number[] {
  if (token === undefined) return []
  const id = added_tokens.find(({ content }) => content === token)?.id
  if (id !== undefined) return [id]
  const inVocabulary = Array.isArray(vocab) ? undefined : vocab[token]
  return inVocabulary === undefined ? [] : [inVocabulary]
}

function explained<Value>(what: string, make: () => Value): Value {
  try {
    return make()
  } catch (error) {
    throw new Error(
      `${what} cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  }
}
