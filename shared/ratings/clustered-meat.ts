import { winProbability } from './bradley-terry.ts'
import { ACTIVE_SHARE, type ActiveVoter } from './dominant-voters.ts'
import { clipNegativeEigenvalues } from './linear-algebra.ts'
import { scoresOf, type Ties } from './outcomes.ts'
import { selectRows, type VoteFilter } from './slice-counts.ts'
import type { VoteTable } from './vote-table.ts'

/**
 * The meat of a sandwich whose votes are not independent: B = Σ_c s_c·s_cᵀ, where s_c = Σ w·x(y − p)
 * over the votes of cluster c (Liang & Zeger 1986), without a small-sample factor. Where a battle
 * has several voters, votes are dependent in two ways and B = B_voter + B_battle − B_(voter∩battle),
 * negative eigenvalues set to 0 (Cameron, Gelbach & Miller 2011).
 */
export type ClusteredMeat = {
  /** B, M·M, row-major, symmetric. */
  readonly meat: Float64Array
  /** How many voters there are. */
  readonly voters: number
  /** Whether some battle had several voters. */
  readonly twoWay: boolean
  /** Voters who gave several votes and a share of them that counts (`dominant-voters.ts`). */
  readonly active: readonly ActiveVoter[]
  /** How many voters have judged each model. */
  readonly votersOf: Int32Array
}

/** One dimension of a (composite) likelihood: its verdicts count `factor` times. */
export type Term = { readonly dimension: number; readonly factor: number }

export type ClusterInput = {
  readonly table: VoteTable
  readonly filter: VoteFilter
  readonly terms: readonly Term[]
  readonly ties: Ties
  /** The number of each model id among the rated ones, −1 for the others. */
  readonly indexOf: Int32Array
  /** Log-strengths of the rated models. */
  readonly theta: Float64Array
}

/**
 * Clusters by voter, and by battle too where some battle has several voters. Sums run over voters
 * in the order in which they first appear among the votes that count, so that they depend on these
 * votes and their order alone.
 */
export function clusteredMeat(input: ClusterInput): ClusteredMeat {
  const rows = collectRows(input)
  const active: ActiveVoter[] = []
  const votersOf = new Int32Array(rows.models)
  const byVoter = () => meatOf(rows, rows.voter, rows.voters, { active, votersOf })
  const voters = rows.voters + rows.lonelyVoters
  if (rows.battle === null || !someBattleHasSeveralVoters(rows, rows.battle)) {
    return { meat: byVoter(), voters, twoWay: false, active, votersOf }
  }
  const meat = byVoter()
  const byBattle = meatOf(rows, rows.battle, rows.battles)
  const both = intersection(rows, rows.battle)
  const byBoth = meatOf(rows, both.clusters, both.count)
  for (let entry = 0; entry < meat.length; entry += 1) {
    meat[entry]! += byBattle[entry]! - byBoth[entry]!
  }
  return {
    meat: clipNegativeEigenvalues(meat, rows.models),
    voters,
    twoWay: true,
    active,
    votersOf,
  }
}

/** Clusters one way only, to compare with. */
export function oneWayMeat(input: ClusterInput, by: 'voter' | 'battle'): Float64Array {
  const rows = collectRows(input)
  if (by === 'voter') return meatOf(rows, rows.voter, rows.voters)
  return meatOf(rows, rows.battle ?? new Int32Array(rows.size).fill(-1), rows.battles)
}

/** The votes that count, packed. Clusters are numbered by first appearance; −1: a cluster of one. */
type Rows = {
  readonly models: number
  readonly size: number
  /** left << (modelBits + patternBits) | right << patternBits | pattern. */
  readonly codes: Uint32Array
  readonly modelBits: number
  readonly patternBits: number
  /** Predicted share of wins by left << modelBits | right. */
  readonly expected: Float64Array
  /** By pattern of verdicts: Σ factor·y and Σ factor over the dimensions judged. */
  readonly patternScore: Float64Array
  readonly patternWeight: Float64Array
  /** What all votes weigh together in the likelihood. */
  readonly mass: number
  readonly weight: Float64Array | null
  readonly voter: Int32Array
  readonly voters: number
  readonly lonelyVoters: number
  readonly battle: Int32Array | null
  readonly battles: number
}

/** Two bits a dimension: worth 1, worth 0, worth ½, missing. */
const MISSING = 3

function collectRows({ table, filter, terms, ties, indexOf, theta }: ClusterInput): Rows {
  const models = theta.length
  const modelBits = Math.max(1, Math.ceil(Math.log2(models)))
  const patternBits = 2 * terms.length
  if (2 * modelBits + patternBits > 32) throw new RangeError('Too many models to cluster.')

  const verdictBits = Uint8Array.from(scoresOf(ties), (score) =>
    Number.isNaN(score) ? MISSING : [1, 0, 0.5].indexOf(score),
  )
  const patternScore = new Float64Array(2 ** patternBits)
  const patternWeight = new Float64Array(2 ** patternBits)
  for (let pattern = 0; pattern < patternScore.length; pattern += 1) {
    for (const [term, { factor }] of terms.entries()) {
      const verdict = (pattern >>> (2 * term)) & 3
      if (verdict === MISSING) continue
      patternScore[pattern]! += factor * [1, 0, 0.5][verdict]!
      patternWeight[pattern]! += factor
    }
  }
  const nothing = 2 ** patternBits - 1
  const length = table.length
  const chosen = selectRows(table, filter, 0, length)
  const { left, right } = table
  const columns = terms.map(({ dimension }) => table.outcomes[dimension]!)
  const only = columns.length === 1 ? columns[0]! : null
  const codes = new Uint32Array(length)
  const voter = new Int32Array(length)
  const battle = table.battle === null ? null : new Int32Array(length)
  const weight = table.weight === null ? null : new Float64Array(length)
  const voterNumber = new Int32Array(table.voters.size).fill(-1)
  const battleNumber = new Int32Array(battle === null ? 0 : table.battles.size).fill(-1)
  const voterIds = table.voter
  const battleIds = table.battle
  let size = 0
  let voters = 0
  let lonelyVoters = 0
  let battles = 0
  let mass = 0
  for (let row = 0; row < length; row += 1) {
    if (chosen !== null && chosen[row] === 0) continue
    let pattern = 0
    if (only !== null) pattern = verdictBits[only[row]!]!
    else {
      for (let term = 0; term < columns.length; term += 1) {
        pattern |= verdictBits[columns[term]![row]!]! << (2 * term)
      }
    }
    if (pattern === nothing) continue
    const i = indexOf[left[row]!]!
    const j = indexOf[right[row]!]!
    if (i < 0 || j < 0) continue
    codes[size] = (((i << modelBits) | j) << patternBits) | pattern
    const voterId = voterIds === null ? -1 : voterIds[row]!
    if (voterId < 0) {
      voter[size] = -1
      lonelyVoters += 1
    } else {
      let number = voterNumber[voterId]!
      if (number < 0) {
        number = voters
        voterNumber[voterId] = number
        voters += 1
      }
      voter[size] = number
    }
    if (battle !== null && battleIds !== null) {
      const battleId = battleIds[row]!
      if (battleId >= 0 && battleNumber[battleId] === -1) {
        battleNumber[battleId] = battles
        battles += 1
      }
      battle[size] = battleId < 0 ? -1 : battleNumber[battleId]!
    }
    if (weight === null) mass += patternWeight[pattern]!
    else {
      weight[size] = table.weight![row]!
      mass += patternWeight[pattern]! * weight[size]!
    }
    size += 1
  }

  const expected = new Float64Array(models << modelBits)
  for (let i = 0; i < models; i += 1) {
    for (let j = 0; j < models; j += 1) {
      expected[(i << modelBits) | j] = winProbability(theta[i]! - theta[j]!)
    }
  }
  return {
    models,
    size,
    codes,
    modelBits,
    patternBits,
    expected,
    patternScore,
    patternWeight,
    mass,
    weight,
    voter,
    voters,
    lonelyVoters,
    battle,
    battles,
  }
}

function someBattleHasSeveralVoters(rows: Rows, battle: Int32Array): boolean {
  const voterOfBattle = new Int32Array(rows.battles).fill(-2)
  for (let row = 0; row < rows.size; row += 1) {
    const b = battle[row]!
    if (b < 0) continue
    const v = rows.voter[row]!
    const before = voterOfBattle[b]!
    if (before === -2) voterOfBattle[b] = v
    else if (v < 0 || v !== before) return true
  }
  return false
}

/**
 * Clusters of votes of one voter on one battle, numbered by first appearance. Rows are walked voter
 * by voter, so that one mark a battle tells whether this voter had it before: a Map of pairs would
 * be most of this work, and ends at 2²⁴ of them.
 */
function intersection(rows: Rows, battle: Int32Array): { clusters: Int32Array; count: number } {
  const { size, voter, voters, battles } = rows
  const clusters = new Int32Array(size).fill(-1)
  const end = new Int32Array(voters + 1)
  for (let row = 0; row < size; row += 1) if (voter[row]! >= 0) end[voter[row]! + 1]! += 1
  for (let v = 0; v < voters; v += 1) end[v + 1]! += end[v]!
  const order = new Int32Array(end[voters]!)
  for (let row = 0; row < size; row += 1) {
    const v = voter[row]!
    if (v < 0) continue
    order[end[v]!] = row
    end[v]! += 1
  }
  // The first row of each row's pair; a stable sort by voter finds that one first.
  const first = new Int32Array(size).fill(-1)
  const markedBy = new Int32Array(battles).fill(-1)
  const firstOfBattle = new Int32Array(battles)
  for (const row of order) {
    const b = battle[row]!
    if (b < 0) continue
    if (markedBy[b] !== voter[row]) {
      markedBy[b] = voter[row]!
      firstOfBattle[b] = row
    }
    first[row] = firstOfBattle[b]!
  }
  let count = 0
  for (let row = 0; row < size; row += 1) {
    if (first[row] === row) {
      clusters[row] = count
      count += 1
    } else if (first[row]! >= 0) clusters[row] = clusters[first[row]!]!
  }
  return { clusters, count }
}

/**
 * Σ_c s_c·s_cᵀ for one way of clustering.
 *
 * @param found takes what is told of voters: those who gave several votes and a share of
 *   {@link ACTIVE_SHARE} or more, and how many have judged each model
 */
function meatOf(
  rows: Rows,
  cluster: Int32Array,
  clusters: number,
  found?: { readonly active: ActiveVoter[]; readonly votersOf: Int32Array },
): Float64Array {
  const { models, size, codes, patternBits, modelBits, weight } = rows
  const { expected, patternScore, patternWeight } = rows
  const patternMask = 2 ** patternBits - 1
  const modelMask = 2 ** modelBits - 1
  const meat = new Float64Array(models * models)

  // A counting sort by cluster; what is a cluster of its own only leaves a square behind.
  const end = new Int32Array(clusters + 1)
  for (let row = 0; row < size; row += 1) if (cluster[row]! >= 0) end[cluster[row]! + 1]! += 1
  for (let c = 0; c < clusters; c += 1) end[c + 1]! += end[c]!
  const clustered = end[clusters]!
  const sorted = new Uint32Array(clustered)
  const sortedWeight = weight === null ? null : new Float64Array(clustered)
  const lonely = clustered === size ? null : new Float64Array(expected.length)
  for (let row = 0; row < size; row += 1) {
    const code = codes[row]!
    const c = cluster[row]!
    if (c >= 0) {
      const at = end[c]!
      end[c] = at + 1
      sorted[at] = code
      if (sortedWeight !== null) sortedWeight[at] = weight![row]!
    } else {
      const pair = code >>> patternBits
      const pattern = code & patternMask
      const residual =
        (patternScore[pattern]! - patternWeight[pattern]! * expected[pair]!) *
        (weight === null ? 1 : weight[row]!)
      lonely![pair]! += residual * residual
      if (found !== undefined) {
        found.votersOf[pair >>> modelBits]! += 1
        found.votersOf[pair & modelMask]! += 1
      }
    }
  }

  // s_c by model, and a bit for each model that it touches: most voters have met few of them.
  const scores = new Float64Array(models)
  const met = new Int32Array((models + 31) >>> 5)
  const touched = new Int32Array(models + 3)
  const values = new Float64Array(models + 3)
  const least = found === undefined ? Number.POSITIVE_INFINITY : ACTIVE_SHARE * rows.mass
  let from = 0
  for (let c = 0; c < clusters; c += 1) {
    const to = end[c]!
    const votes = to - from
    let mass = 0
    for (let at = from; at < to; at += 1) {
      const code = sorted[at]!
      const pair = code >>> patternBits
      const pattern = code & patternMask
      let residual = patternScore[pattern]! - patternWeight[pattern]! * expected[pair]!
      if (sortedWeight === null) mass += patternWeight[pattern]!
      else {
        residual *= sortedWeight[at]!
        mass += patternWeight[pattern]! * sortedWeight[at]!
      }
      const i = pair >>> modelBits
      const j = pair & modelMask
      scores[i]! += residual
      scores[j]! -= residual
      met[i >>> 5]! |= 1 << (i & 31)
      met[j >>> 5]! |= 1 << (j & 31)
    }
    from = to
    if (votes > 1 && mass >= least) {
      found?.active.push({ share: (mass / least) * ACTIVE_SHARE, scores: scores.slice() })
    }
    let count = 0
    for (let word = 0; word < met.length; word += 1) {
      let bits = met[word]!
      while (bits !== 0) {
        const model = (word << 5) + 31 - Math.clz32(bits & -bits)
        bits &= bits - 1
        touched[count] = model
        values[count] = scores[model]!
        scores[model] = 0
        count += 1
      }
      met[word] = 0
    }
    if (found !== undefined) {
      for (let at = 0; at < count; at += 1) found.votersOf[touched[at]!]! += 1
    }
    addOuterProduct(meat, models, touched, values, count)
  }
  for (let i = 0; i < models; i += 1) {
    for (let j = 0; j < i; j += 1) meat[j * models + i] = meat[i * models + j]!
  }
  if (lonely !== null) addLonely(meat, lonely, models, modelBits)
  return meat
}

/**
 * Adds v·vᵀ to the lower triangle, where v has the first `count` of `values` at the ascending
 * indices `touched`; both arrays have room for three more. Four rows at a time, so that what is read of v serves four products: this is
 * where clustered intervals spend their time.
 */
function addOuterProduct(
  matrix: Float64Array,
  n: number,
  touched: Int32Array,
  values: Float64Array,
  count: number,
): void {
  // The last four are filled up with zeros, which change nothing.
  for (let a = count; a % 4 !== 0; a += 1) {
    touched[a] = n - 1
    values[a] = 0
  }
  for (let a = 0; a < count; a += 4) {
    const row0 = touched[a]! * n
    const row1 = touched[a + 1]! * n
    const row2 = touched[a + 2]! * n
    const row3 = touched[a + 3]! * n
    const value0 = values[a]!
    const value1 = values[a + 1]!
    const value2 = values[a + 2]!
    const value3 = values[a + 3]!
    for (let b = 0; b < a; b += 1) {
      const column = touched[b]!
      const value = values[b]!
      matrix[row0 + column]! += value0 * value
      matrix[row1 + column]! += value1 * value
      matrix[row2 + column]! += value2 * value
      matrix[row3 + column]! += value3 * value
    }
    const column0 = touched[a]!
    const column1 = touched[a + 1]!
    const column2 = touched[a + 2]!
    matrix[row0 + column0]! += value0 * value0
    matrix[row1 + column0]! += value1 * value0
    matrix[row1 + column1]! += value1 * value1
    matrix[row2 + column0]! += value2 * value0
    matrix[row2 + column1]! += value2 * value1
    matrix[row2 + column2]! += value2 * value2
    matrix[row3 + column0]! += value3 * value0
    matrix[row3 + column1]! += value3 * value1
    matrix[row3 + column2]! += value3 * value2
    matrix[row3 + touched[a + 3]!]! += value3 * value3
  }
}

function addLonely(
  meat: Float64Array,
  lonely: Float64Array,
  models: number,
  modelBits: number,
): void {
  for (let i = 0; i < models; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const squares = lonely[(i << modelBits) | j]! + lonely[(j << modelBits) | i]!
      meat[i * models + i]! += squares
      meat[j * models + j]! += squares
      meat[i * models + j]! -= squares
      meat[j * models + i]! -= squares
    }
  }
}
