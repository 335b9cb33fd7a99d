import { readFile, writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'

const FILE = new URL('../../../docs/faults.md', import.meta.url)

/**
 * Puts figures between their two marks in `docs/faults.md`, if `WRITE_FAULTS` is set: a run of the
 * tests changes no file.
 */
export async function writeSection(name: string, content: string): Promise<void> {
  if (process.env['WRITE_FAULTS'] === undefined) return
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
  const text = await readFile(FILE, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`docs/faults.md has no section "${name}"`)
  await writeFile(FILE, `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`)
}

/** On what, when, and beside how much other work something was measured. */
export function measuredOn(): string {
  const [cpu] = cpus()
  const day = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} × ${cpu?.model ?? 'an unknown processor'}`
  return `Measured on ${day}: ${machine}, Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1)}`
}
