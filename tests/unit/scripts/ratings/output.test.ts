import { describe, expect, test } from 'vitest'
import { toCsv } from '../../../../scripts/ratings/csv-output.ts'
import { toJson } from '../../../../scripts/ratings/json-output.ts'
import { readOptions } from '../../../../scripts/ratings/options.ts'
import { createProgress } from '../../../../scripts/ratings/progress.ts'
import type { Report } from '../../../../scripts/ratings/report.ts'
import { toTable } from '../../../../scripts/ratings/table-output.ts'
import { rateVotes } from '../../../../shared/ratings/rate.ts'
import { SliceCounts } from '../../../../shared/ratings/slice-counts.ts'
import { VoteTable } from '../../../../shared/ratings/vote-table.ts'

/** Three models that are rated, with names made to trouble programs, and one that never lost. */
function report(...args: string[]): Report {
  const options = readOptions(['f', ...args])
  const table = new VoteTable({ dimensions: ['winner'] })
  const names = ['=cmd()', '模型', 'a\u001b[2Jb'] as const
  for (let vote = 0; vote < 40; vote++) {
    const modelA = names[vote % 3] ?? ''
    const modelB = names[(vote + 1) % 3] ?? ''
    table.append({ modelA, modelB, outcomes: [vote % 4] })
  }
  table.append({ modelA: 'unbeaten', modelB: names[0], outcomes: [0] })
  const { method, ties } = options
  const intervals = method === 'elo' ? 'none' : 'clustered'
  const board = rateVotes(table, SliceCounts.of(table), {
    dimension: 'winner',
    method,
    ties,
    intervals,
  })
  return { options, board, skipped: 3, seconds: { read: 1.5, count: 0.25, solve: 0.001 } }
}

describe('toJson', () => {
  test('has the fields of the specification in their order, and no others', () => {
    const json = JSON.parse(toJson(report())) as { models: object[] }
    expect(Object.keys(json)).toEqual('method dimension votes skipped models seconds'.split(' '))
    expect(json).toMatchObject({
      method: 'bradley-terry',
      dimension: 'winner',
      votes: 41,
      skipped: 3,
      seconds: { read: 1.5, count: 0.25, solve: 0.001 },
    })
    for (const model of json.models) {
      expect(Object.keys(model)).toEqual(
        'model rank rankUb rankLow rankHigh rating ciLow ciHigh wins losses ties bothBad votes status provisional'.split(
          ' ',
        ),
      )
    }
    expect(json.models.at(-1)).toMatchObject({
      model: 'unbeaten',
      rank: null,
      rating: null,
      ciLow: null,
      status: 'unbounded-above',
      provisional: true,
    })
  })

  test('has `nu` under Davidson', () => {
    expect(JSON.parse(toJson(report('--method', 'davidson')))).toHaveProperty('nu')
  })
})

describe('toCsv', () => {
  test('has one line a model under a header; names cannot become formulas', () => {
    const [header, ...lines] = toCsv(report()).trimEnd().split('\n')
    expect(header).toBe(
      'rank,rank_ub,rank_low,rank_high,model,rating,ci_low,ci_high,votes,wins,losses,ties,both_bad,status,provisional',
    )
    expect(lines).toHaveLength(4)
    expect(lines.some((line) => line.includes(",'=cmd(),"))).toBe(true)
    expect(lines.at(-1)).toBe(',,,,unbeaten,,,,1,1,0,0,0,unbounded-above,true')
  })
})

describe('toTable', () => {
  test('is aligned, says how it was made, and marks what is not certain', () => {
    const table = toTable(report())
    const [head = '', ...lines] = table.split('\n')
    expect(head).toMatch(/^rank +ranks +model +rating +95 % interval +votes +wins/)
    // A letter of East Asia fills two cells.
    const cells = (text: string) => text.replaceAll(/\p{Script=Han}/gu, 'xx').length
    const ends = lines
      .slice(0, 4)
      .map((line) => cells(/^.*?…? *[\d.,–]+(?= +\d+ +\d+ )/.exec(line)?.[0] ?? ''))
    expect(new Set(ends.slice(0, 3)).size).toBe(1)
    expect(table).toMatch(/unbeaten .*never lost/)
    expect(table).toMatch(/provisional: \d+ votes/)
    expect(table).toContain('ties and both-bad count half a win')
    expect(table).toContain('3 bad rows skipped')
    expect(table).not.toContain('\u001b')
  })

  test('has no interval columns where there are none', () => {
    const table = toTable(report('--method', 'elo'))
    expect(table).not.toContain('95 % interval')
    expect(table).toContain('depends on the order of the votes')
  })
})

describe('createProgress', () => {
  const MB = 1024 * 1024
  const screen = (isTTY: boolean) => {
    const written: string[] = []
    return { isTTY, written, write: (text: string) => written.push(text) }
  }
  const run = (on: ReturnType<typeof screen>, bytes: number | undefined) => {
    let now = 0
    const progress = createProgress(on, () => (now += 60))
    progress.expect(bytes)
    for (let part = 0; part < 10; part++) progress.advance((bytes ?? 10 * MB) / 10)
    progress.end()
    return on.written.join('')
  }

  test('draws a bar on a terminal while large files are read, and takes it away', () => {
    const drawn = run(screen(true), 100 * MB)
    expect(drawn).toMatch(/50 % of 105 MB/)
    expect(drawn.endsWith('\r\u001b[K')).toBe(true)
  })

  test('draws nothing where nobody could see or would want it', () => {
    expect(run(screen(false), 100 * MB)).toBe('')
    expect(run(screen(true), MB)).toBe('')
    expect(run(screen(true), undefined)).toBe('')
  })
})
