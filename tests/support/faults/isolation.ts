import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Questions with this in them may meet a fault. */
export const FAULTY_ROUND = 'Round with faults'
export const CLEAN_ROUND = 'Round without any'

export const MODELS = ['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9'] as const
/** Those that fail at random. */
export const FAILING: readonly string[] = ['m0', 'm1', 'm2']

/** What a provider has seen. */
export type ProviderReport = {
  readonly asked: number
  /** Connections that are open now. */
  readonly open: number
  /** How often which fault was played. */
  readonly played: Readonly<Record<string, number>>
}

/** Models behind one address, in a process of their own. */
export type IsolationProvider = {
  readonly port: number
  report(): Promise<ProviderReport>
  close(): Promise<void>
}

/** Starts one; whatever it does, it takes no time of another's process. */
export async function startIsolationProvider(seed: number): Promise<IsolationProvider> {
  const program = fileURLToPath(new URL('isolation-provider.ts', import.meta.url))
  const child: ChildProcess = fork(program, [String(seed)], { execArgv: ['--import', 'tsx'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    port,
    async report() {
      child.send('report')
      const [report] = (await once(child, 'message')) as [ProviderReport]
      return report
    },
    async close() {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** Times from when a first token was to be sent to when a visitor had it, in milliseconds. */
export type Delays = { readonly clean: readonly number[]; readonly faulty: readonly number[] }

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((x, y) => x - y)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Both runs side by side, as a Markdown table. */
export function delaysTable({ clean, faulty }: Delays): string {
  const row = (name: string, share: number) => {
    const [before, with3] = [quantile(clean, share), quantile(faulty, share)]
    return `| ${name} | ${before.toFixed(1)} ms | ${with3.toFixed(1)} ms | ${(with3 / before).toFixed(2)} |`
  }
  return [
    '| first tokens of the 7 healthy models | clean run | with 3 of 10 failing | ratio (goal ≤ 1.5) |',
    '| --- | --- | --- | --- |',
    `| answers | ${clean.length} | ${faulty.length} | |`,
    row('median', 0.5),
    row('p90', 0.9),
    row('p99', 0.99),
    row('longest', 1),
  ].join('\n')
}
