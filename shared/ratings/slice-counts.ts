import { ELO_K, ELO_START, expectedScore } from './elo.ts'
import { COUNTED_OUTCOMES, OUTCOME_SKIP, OUTCOME_WITHDRAWN, scoresOf } from './outcomes.ts'
import { PairCounts } from './pair-counts.ts'
import type { VoteTable } from './vote-table.ts'

/** Which votes belong to a slice. Null, `both` or absent: all of them. */
export type VoteFilter = {
  readonly language?: string | null
  readonly category?: string | null
  readonly judge?: string | null
  /** `single`: the vote fell after one question; `multi`: after several. */
  readonly turns?: 'single' | 'multi' | 'both'
}

const SCORES = scoresOf('half')

/** Room for all outcome codes in a power of two. */
const OUTCOME_CODES = 8
/** Beyond this many models a table with a cell for each pair is too large. */
const MOST_DENSE_MODELS = 2048

/**
 * The counts of one slice: for each dimension the outcomes by pair and the totals. Kept vote by
 * vote or made from a table at once, they are the same.
 */
export class SliceCounts {
  readonly filter: VoteFilter
  readonly dimensions: readonly string[]
  /** By dimension of the table. */
  readonly pairs: readonly PairCounts[]
  /** Verdicts of "cannot judge", by dimension. */
  readonly skips: Float64Array
  /** Votes with at least one verdict, in any dimension. */
  votes = 0

  /** Votes by set of judged dimensions (bit d: dimension d): entry set. */
  readonly #votesOfSet: Float64Array
  /** The same by model: entry model·2^D + set. */
  #modelVotes: Uint32Array = new Uint32Array(0)
  /** Rows below this one have been offered. */
  #end = 0
  /** The fold of online Elo and the rows that are in it. */
  #elo: Float64Array[]
  #eloEnd = 0

  constructor(dimensions: readonly string[], filter: VoteFilter = {}) {
    this.dimensions = dimensions
    this.filter = filter
    this.pairs = dimensions.map(() => new PairCounts())
    this.skips = new Float64Array(dimensions.length)
    this.#votesOfSet = new Float64Array(2 ** dimensions.length)
    this.#elo = dimensions.map(() => new Float64Array(0))
  }

  /** Counts all rows of a table that match. */
  static of(table: VoteTable, filter: VoteFilter = {}): SliceCounts {
    const counts = new SliceCounts(table.dimensions, filter)
    counts.addRows(table, 0, table.length)
    return counts
  }

  /** Counts rows `from` to `to − 1`. */
  addRows(table: VoteTable, from: number, to: number): void {
    const chosen = selectRows(table, this.filter, from, to)
    const models = table.models.size
    // A scratch table pays where there are more rows than cells to add up afterwards.
    const dense = models * models <= (to - from) / 2 && models <= MOST_DENSE_MODELS
    if (dense && table.weight === null) this.#countDense(table, from, to, chosen)
    else {
      for (let row = from; row < to; row += 1) {
        if (chosen === null || chosen[row - from] === 1) this.#count(table, row)
      }
    }
    if (to > this.#end) this.#end = to
  }

  /** Counts one row, unless it does not match. Rows come in the order of the table. */
  addRow(table: VoteTable, row: number): void {
    if (matches(table, this.filter, row)) this.#count(table, row)
    if (row >= this.#end) this.#end = row + 1
  }

  /**
   * The exact inverse of {@link addRow} on the counts. Online Elo depends on the order of votes and
   * is folded anew when it is next asked for: withdraw the row from the table before that.
   */
  removeRow(table: VoteTable, row: number): void {
    if (!matches(table, this.filter, row)) return
    this.#count(table, row, -1)
    this.#eloEnd = 0
  }

  /** Votes with a verdict in at least one of the dimensions of a set (bit d: dimension d). */
  votesIn(dimensions: number): number {
    let votes = 0
    for (let set = 1; set < this.#votesOfSet.length; set += 1) {
      if ((set & dimensions) !== 0) votes += this.#votesOfSet[set]!
    }
    return votes
  }

  /** The same for the votes of one model. */
  votesOfModel(model: number, dimensions: number): number {
    const sets = this.#votesOfSet.length
    let votes = 0
    for (let set = 1; set < sets; set += 1) {
      if ((set & dimensions) !== 0) votes += this.#modelVotes[model * sets + set] ?? 0
    }
    return votes
  }

  /**
   * Online Elo (K = 4, start 1000) of the slice's votes in the order of the table, by model id:
   * models without a verdict have 1000. Folds what was added since it was last asked for.
   *
   * @param table the one that the rows came from
   */
  elo(table: VoteTable, dimension: number): Float64Array {
    this.#foldElo(table)
    return this.#elo[dimension]!
  }

  /** Counts a row, or takes it off again where `times` is −1. */
  #count(table: VoteTable, row: number, times: 1 | -1 = 1): void {
    const left = table.left[row]!
    const right = table.right[row]!
    const weight = table.weight?.[row] ?? 1
    let set = 0
    for (let d = 0; d < this.pairs.length; d += 1) {
      const outcome = table.outcomes[d]![row]!
      if (outcome < OUTCOME_SKIP) {
        if (times === 1) this.pairs[d]!.add(left, right, outcome, weight)
        else this.pairs[d]!.remove(left, right, outcome, weight)
        set |= 1 << d
      } else if (outcome === OUTCOME_SKIP) this.skips[d]! += times
    }
    this.#tally(left, right, set, times)
  }

  /** Adds `times` votes to the totals, or takes them off where it is negative. */
  #tally(left: number, right: number, set: number, times: number): void {
    if (set === 0) return
    const sets = this.#votesOfSet.length
    const needed = (Math.max(left, right) + 1) * sets
    if (needed > this.#modelVotes.length) {
      const larger = new Uint32Array(needed * 2)
      larger.set(this.#modelVotes)
      this.#modelVotes = larger
    }
    this.votes += times
    this.#votesOfSet[set]! += times
    this.#modelVotes[left * sets + set]! += times
    this.#modelVotes[right * sets + set]! += times
  }

  /** Counts many rows through tables with a cell for each ordered pair. */
  #countDense(table: VoteTable, from: number, to: number, chosen: Uint8Array | null): void {
    const models = table.models.size
    const { left, right } = table
    for (let d = 0; d < this.pairs.length; d += 1) {
      const cells = new Uint32Array(models * models * OUTCOME_CODES)
      countOutcomes(cells, models, left, right, table.outcomes[d]!, from, to, chosen)
      const pairs = this.pairs[d]!
      for (let pair = 0; pair < models * models; pair += 1) {
        const a = Math.floor(pair / models)
        const b = pair % models
        for (let outcome = 0; outcome < COUNTED_OUTCOMES; outcome += 1) {
          pairs.addMany(a, b, outcome, cells[pair * OUTCOME_CODES + outcome]!)
        }
        this.skips[d]! += cells[pair * OUTCOME_CODES + OUTCOME_SKIP]!
        if (this.pairs.length > 1) continue
        const start = pair * OUTCOME_CODES
        this.#tally(
          a,
          b,
          1,
          cells[start]! + cells[start + 1]! + cells[start + 2]! + cells[start + 3]!,
        )
      }
    }
    if (this.pairs.length > 1) this.#tallyDense(table, from, to, chosen)
  }

  /** The totals by set of judged dimensions. */
  #tallyDense(table: VoteTable, from: number, to: number, chosen: Uint8Array | null): void {
    const models = table.models.size
    const sets = this.#votesOfSet.length
    const { left, right, outcomes } = table
    const cells = new Uint32Array(models * models * sets)
    for (let row = from; row < to; row += 1) {
      if (chosen !== null && chosen[row - from] === 0) continue
      let set = 0
      for (let d = 0; d < outcomes.length; d += 1) {
        if (outcomes[d]![row]! < OUTCOME_SKIP) set |= 1 << d
      }
      cells[(left[row]! * models + right[row]!) * sets + set]! += 1
    }
    for (let cell = 0; cell < cells.length; cell += 1) {
      if (cells[cell] === 0) continue
      const pair = Math.floor(cell / sets)
      this.#tally(Math.floor(pair / models), pair % models, cell % sets, cells[cell]!)
    }
  }

  #foldElo(table: VoteTable): void {
    const models = table.models.size
    const from = this.#eloEnd
    const chosen = selectRows(table, this.filter, from, this.#end)
    const { left, right } = table
    for (let d = 0; d < this.pairs.length; d += 1) {
      const known = from === 0 ? new Float64Array(0) : this.#elo[d]!
      let ratings = known
      if (models > known.length) {
        ratings = new Float64Array(models).fill(ELO_START)
        ratings.set(known)
      }
      const outcomes = table.outcomes[d]!
      for (let row = from; row < this.#end; row += 1) {
        const outcome = outcomes[row]!
        if (outcome >= OUTCOME_SKIP || (chosen !== null && chosen[row - from] === 0)) continue
        const a = ratings[left[row]!]!
        const b = ratings[right[row]!]!
        const change = ELO_K * (SCORES[outcome]! - expectedScore(a, b))
        ratings[left[row]!] = a + change
        ratings[right[row]!] = b - change
      }
      this.#elo[d] = ratings
    }
    this.#eloEnd = this.#end
  }
}

/** Adds one to the cell of each row's pair and outcome: entry pair·8 + code. */
function countOutcomes(
  cells: Uint32Array,
  models: number,
  left: Int32Array,
  right: Int32Array,
  outcomes: Uint8Array,
  from: number,
  to: number,
  chosen: Uint8Array | null,
): void {
  if (chosen === null) {
    for (let row = from; row < to; row += 1) {
      cells[(left[row]! * models + right[row]!) * OUTCOME_CODES + outcomes[row]!]! += 1
    }
    return
  }
  for (let row = from; row < to; row += 1) {
    if (chosen[row - from] === 0) continue
    cells[(left[row]! * models + right[row]!) * OUTCOME_CODES + outcomes[row]!]! += 1
  }
}

/** Whether a row belongs to a slice. Withdrawn rows belong to none. */
export function matches(table: VoteTable, filter: VoteFilter, row: number): boolean {
  if (table.outcomes[0]?.[row] === OUTCOME_WITHDRAWN) return false
  if (typeof filter.language === 'string') {
    if ((table.language?.[row] ?? -1) !== (table.languages.find(filter.language) ?? -2)) {
      return false
    }
  }
  if (typeof filter.category === 'string') {
    if ((table.category?.[row] ?? -1) !== (table.categories.find(filter.category) ?? -2)) {
      return false
    }
  }
  if (typeof filter.judge === 'string') {
    if ((table.judge?.[row] ?? -1) !== (table.judges.find(filter.judge) ?? -2)) return false
  }
  if (filter.turns === 'single') return (table.turns?.[row] ?? 1) <= 1
  if (filter.turns === 'multi') return (table.turns?.[row] ?? 1) > 1
  return true
}

/**
 * Which of the rows `from` to `to − 1` belong to a slice: 1 or 0 at row − from. Null means all of
 * them (withdrawn ones too: their outcomes say so).
 */
export function selectRows(
  table: VoteTable,
  filter: VoteFilter,
  from: number,
  to: number,
): Uint8Array | null {
  const unfiltered =
    typeof filter.language !== 'string' &&
    typeof filter.category !== 'string' &&
    typeof filter.judge !== 'string' &&
    (filter.turns ?? 'both') === 'both'
  if (unfiltered) return null
  const chosen = new Uint8Array(Math.max(0, to - from))
  const withdrawn = table.outcomes[0]
  if (withdrawn === undefined) return chosen.fill(1)
  for (let row = from; row < to; row += 1) {
    chosen[row - from] = withdrawn[row] === OUTCOME_WITHDRAWN ? 0 : 1
  }
  // One column after the other: names are looked up once, and each pass reads a single array.
  const keep = (column: ArrayLike<number> | null, wanted: number | undefined) => {
    if (column === null || wanted === undefined) chosen.fill(0)
    else for (let row = from; row < to; row += 1) if (column[row] !== wanted) chosen[row - from] = 0
  }
  if (typeof filter.language === 'string') {
    keep(table.language, table.languages.find(filter.language))
  }
  if (typeof filter.category === 'string') {
    keep(table.category, table.categories.find(filter.category))
  }
  if (typeof filter.judge === 'string') keep(table.judge, table.judges.find(filter.judge))
  if (filter.turns === 'single' || filter.turns === 'multi') {
    const several = filter.turns === 'multi'
    for (let row = from; row < to; row += 1) {
      if ((table.turns?.[row] ?? 1) > 1 !== several) chosen[row - from] = 0
    }
  }
  return chosen
}
