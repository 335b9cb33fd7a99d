import type { Contestant, LineUp } from './line-up.ts'
import { type Run, firstTokenMs, tokenMs, tokensPerSecond, wholeMs } from './run.ts'

/** How much is measured. */
export type Plan = {
  readonly rounds: number
  /** Tokens of a lone answer. */
  readonly tokens: number
  /** Answers of a batch, and tokens of each. */
  readonly atOnce: number
  readonly batchTokens: number
}

/** One figure a round, of everybody who took part, by name. */
type Figures = Map<string, number[]>

/** Lone answers after a prompt of one length. */
export type Lone = {
  readonly firstMs: Figures
  readonly tokenMs: Figures
  /** The share of a token's time that our server spends outside of the engine. */
  readonly overhead: number[]
}

/** Several answers at once. */
export type Batch = {
  readonly perSecond: Figures
  /** The share of all the time that our server spends outside of the engine. */
  readonly overhead: number[]
}

/** The first token of a second question, in milliseconds. */
export type SecondTurn = {
  /** The server has never seen the conversation. */
  readonly unknown: number[]
  /** Asked at once. */
  readonly atOnce: number[]
  /** Asked when the server has had time to read the conversation again. */
  readonly later: number[]
}

/** Batches are measured after prompts of this length. */
export const BATCH_CONTEXT = 128

export async function measureLone(lineUp: LineUp, context: number, plan: Plan): Promise<Lone> {
  const found: Lone = { firstMs: new Map(), tokenMs: new Map(), overhead: [] }
  const { engine, server, transformers, llama } = lineUp
  for (let round = 0; round < plan.rounds; round += 1) {
    const prompt = await lineUp.prompt(context)
    for (const contestant of rotated(present([engine, transformers, server, llama]), round)) {
      const { run, engineMs } = await taken(lineUp, contestant, [prompt], plan.tokens)
      note(found.firstMs, contestant, firstTokenMs(run))
      note(found.tokenMs, contestant, tokenMs(run))
      if (contestant !== server) continue
      found.overhead.push(1 - engineMs.decode / (wholeMs(run) - firstTokenMs(run)))
    }
  }
  return found
}

export async function measureBatch(lineUp: LineUp, plan: Plan): Promise<Batch> {
  const found: Batch = { perSecond: new Map(), overhead: [] }
  const { server, llama } = lineUp
  for (let round = 0; round < plan.rounds; round += 1) {
    const prompts = []
    while (prompts.length < plan.atOnce) prompts.push(await lineUp.prompt(BATCH_CONTEXT))
    for (const contestant of rotated(present([server, llama]), round)) {
      const { run, engineMs } = await taken(lineUp, contestant, prompts, plan.batchTokens)
      note(found.perSecond, contestant, tokensPerSecond(run))
      if (contestant !== server) continue
      found.overhead.push(1 - (engineMs.prefill + engineMs.decode) / wholeMs(run))
    }
  }
  return found
}

const FIRST_PROMPT = 512
const FIRST_ANSWER = 64

export async function measureSecondTurn(lineUp: LineUp, rounds: number): Promise<SecondTurn> {
  const found: SecondTurn = { unknown: [], atOnce: [], later: [] }
  const converse = async (known: boolean) => {
    const { messages } = await lineUp.prompt(FIRST_PROMPT)
    await lineUp.idle()
    const seen = known ? messages : (await lineUp.prompt(FIRST_PROMPT)).messages
    const { text } = await lineUp.stream(seen, FIRST_ANSWER)
    const begun = messages.at(-1)?.content ?? ''
    return [
      ...messages.slice(0, -1),
      { role: 'assistant', content: `${begun}${text}` },
      { role: 'user', content: 'And now the same in words, please.' },
    ] as const
  }
  const firstMs = async (messages: Awaited<ReturnType<typeof converse>>) =>
    (await lineUp.stream(messages, 4)).times[0] ?? Number.NaN
  const kinds = {
    unknown: async () => {
      const messages = await converse(false)
      await lineUp.idle()
      return firstMs(messages)
    },
    atOnce: async () => firstMs(await converse(true)),
    later: async () => {
      const messages = await converse(true)
      await lineUp.idle()
      return firstMs(messages)
    },
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of rotated(['unknown', 'atOnce', 'later'] as const, round)) {
      found[kind].push(await kinds[kind]())
    }
  }
  return found
}

/** Everybody answers once, and is not counted: caches, threads and compiled code get warm. */
export async function warmUp(lineUp: LineUp, plan: Plan): Promise<void> {
  await measureLone(lineUp, BATCH_CONTEXT, { ...plan, rounds: 1 })
  await measureBatch(lineUp, { ...plan, rounds: 1 })
}

/** One turn of one contestant; the server, which works on when nobody asks, is silent meanwhile. */
async function taken(
  lineUp: LineUp,
  contestant: Contestant,
  ...[prompts, tokens]: Parameters<Contestant['run']>
): Promise<{ run: Run; engineMs: { prefill: number; decode: number } }> {
  await lineUp.idle()
  await lineUp.engineTime()
  const run = await contestant.run(prompts, tokens)
  const { prefillMs, decodeMs } = await lineUp.engineTime()
  for (const times of run.times) {
    if (times.length !== tokens) {
      throw new Error(`${contestant.name} gave ${times.length} of ${tokens} tokens`)
    }
  }
  return { run, engineMs: { prefill: prefillMs, decode: decodeMs } }
}

function present(contestants: readonly (Contestant | undefined)[]): Contestant[] {
  return contestants.filter((each) => each !== undefined)
}

function rotated<Item>(items: readonly Item[], by: number): Item[] {
  return items.map((_, index) => items[(index + by) % items.length] as Item)
}

function note(figures: Figures, { name }: Contestant, figure: number): void {
  figures.set(name, [...(figures.get(name) ?? []), figure])
}
