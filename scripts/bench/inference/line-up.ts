import { type Helper, startHelper } from '../lib/processes.ts'
import type { EngineTime } from './helpers/server.ts'
import type { Peers } from './peers.ts'
import type { Prompt } from './prompts.ts'
import type { Place, Run } from './run.ts'
import { streamAnswer, type Streamed } from './stream-answer.ts'

/** The helpers' programs. */
export type Programs = Readonly<Record<'engine' | 'server' | 'transformers' | 'llama', string>>

/** One that answers prompts. */
export type Contestant = {
  readonly name: string
  run(prompts: readonly Prompt[], tokens: number): Promise<Run>
}

/** Everybody who is compared, each in a process of its own, with as many threads. */
export type LineUp = {
  readonly engine: Contestant
  readonly server: Contestant
  /** Undefined where it is missing. */
  readonly transformers: Contestant | undefined
  readonly llama: Contestant | undefined
  /** What our engine calls itself. */
  readonly description: string
  /** A new prompt of exactly so many tokens. */
  prompt(tokens: number): Promise<Prompt>
  /** Memory that one token of the cache takes, in bytes. */
  bytesPerToken(): Promise<number>
  /** Asks our server. */
  stream(messages: Prompt['messages'], tokens: number): Promise<Streamed>
  /** What our server's engine did since it was asked last. */
  engineTime(): Promise<EngineTime>
  /** Resolves when our server has nothing to do. */
  idle(): Promise<void>
  end(): void
}

let promptsMade = 0

export async function startLineUp(
  programs: Programs,
  peers: Peers,
  place: Place,
  threads: number,
  atOnce: number,
): Promise<LineUp> {
  const helpers: Helper[] = []
  const start = (program: string): Helper => {
    const helper = startHelper(program, null)
    helpers.push(helper)
    return helper
  }
  const inProcess = (name: string, helper: Helper): Contestant => ({
    name,
    run: (prompts, tokens) =>
      helper.ask<Run>(
        'run',
        prompts.map(({ ids }) => ids),
        tokens,
      ),
  })

  const engine = start(programs.engine)
  const description = await engine.ask<string>('load', place, threads)
  const server = start(programs.server)
  const url = await server.ask<string>('listen', place.directory, threads)
  const stream: LineUp['stream'] = (messages, tokens) =>
    streamAnswer({ url, model: place.model, messages, tokens })

  let transformers: Contestant | undefined
  if (peers.transformers.entry !== null) {
    const helper = start(programs.transformers)
    await helper.ask('load', peers.transformers.entry, place, threads)
    transformers = inProcess(`transformers.js ${peers.transformers.version}`, helper)
  }
  let llama: Contestant | undefined
  if (peers.llama.entry !== null) {
    const helper = start(programs.llama)
    await helper.ask('load', peers.llama.entry, peers.gguf, threads, atOnce)
    llama = inProcess(`node-llama-cpp ${peers.llama.version}`, helper)
  }

  return {
    engine: inProcess('our engine', engine),
    server: {
      name: 'our server',
      run: async (prompts, tokens) => {
        const answers = prompts.map(({ messages }) => stream(messages, tokens))
        return { times: (await Promise.all(answers)).map(({ times }) => times) }
      },
    },
    transformers,
    llama,
    description,
    prompt: (tokens) => {
      promptsMade += 1
      return engine.ask<Prompt>('prompt', tokens, promptsMade)
    },
    bytesPerToken: () => engine.ask<number>('bytesPerToken'),
    stream,
    engineTime: () => server.ask<EngineTime>('engineTime'),
    idle: () => server.ask<void>('idle'),
    end: () => {
      for (const helper of helpers) helper.end()
    },
  }
}
