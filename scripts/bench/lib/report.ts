import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'

/** Several measurements of one thing. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number }

export function spread(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  const high = sorted[Math.floor(middle)] ?? Number.NaN
  return {
    median: (low + high) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}

/** `median [min–max]`, with so many digits after the point. */
export function shown({ median, min, max }: Spread, digits = 0): string {
  const text = (figure: number) =>
    Number.isNaN(figure)
      ? '–'
      : figure.toLocaleString('en', {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        })
  return `${text(median)} [${text(min)}–${text(max)}]`
}

/** The ratios of interleaved pairs. */
export function ratios(ours: readonly number[], theirs: readonly number[]): Spread {
  return spread(ours.map((figure, index) => figure / (theirs[index] ?? Number.NaN)))
}

/** A table in Markdown, with its columns in line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

/** What ran where, and how to run it again. */
export function preamble(command: string, what: string): string {
  const stolen = stolenShare()
  return [
    what,
    '',
    `${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} vCPU (${cpus()[0]?.model ?? 'unknown'}), ` +
      `Node ${process.versions.node}, ${revision()}; again with \`${command}\``,
    ...(stolen === undefined
      ? []
      : [`CPU time taken by the machine's neighbours meanwhile: ${stolen} %`]),
    '',
  ].join('\n')
}

function revision(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
  } catch {
    return 'no revision'
  }
}

function ticks(): number[] {
  try {
    const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
    return line.split(/\s+/).slice(1, 9).map(Number)
  } catch {
    return []
  }
}

const atStart = ticks()

/** The share of the machine's time that its neighbours took since this process began. */
function stolenShare(): number | undefined {
  const passed = ticks().map((now, index) => now - (atStart[index] ?? 0))
  const total = passed.reduce((sum, each) => sum + each, 0)
  return total === 0 ? undefined : Math.round((100 * (passed[7] ?? 0)) / total)
}
