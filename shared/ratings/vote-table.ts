import { Fingerprints } from './fingerprints.ts'
import { Names } from './names.ts'
import { OUTCOME_SKIP, OUTCOME_WITHDRAWN } from './outcomes.ts'

/** One vote, as it is appended to a {@link VoteTable}. */
export type TableVote = {
  /** The model on the left (answer A). */
  readonly modelA: string
  readonly modelB: string
  /** An outcome code per dimension of the table, as seen by the left side (`outcomes.ts`). */
  readonly outcomes: readonly number[]
  /** Who voted; null or absent: somebody who gave no other vote. */
  readonly voter?: string | null
  /** Which battle was judged; null or absent: one that nobody else judged. */
  readonly battle?: string | null
  /** Above 0; 1 by default. */
  readonly weight?: number
  /** Milliseconds since 1970; NaN where unknown. */
  readonly time?: number
  readonly language?: string | null
  readonly category?: string | null
  readonly judge?: string | null
  /** How many questions were asked before the vote; 1 by default. */
  readonly turns?: number
  /** Which version of each model answered; 1 by default. */
  readonly versionA?: number
  readonly versionB?: number
  /** tokensA, tokensB, headersA, headersB, listsA, listsB, boldA, boldB; null where unknown. */
  readonly style?: readonly number[] | null
}

/** The numbers of style that are kept of a vote: four features of two answers. */
export const STYLE_VALUES = 8

const FIRST_CAPACITY = 64
/** Pairs of models are numbered in 32 bits. */
const MAX_MODELS = 65_535

/**
 * What a version of a model is called where versions are contestants of their own. It sorts where the
 * model does: no slug holds a blank, and a blank comes before all that a slug holds.
 */
export function versionName(model: string, version: number): string {
  return `${model} ${String(version).padStart(10, '0')}`
}

type NumericColumn = Int32Array | Uint8Array | Float32Array | Float64Array

/** What a table shows of another one, whose columns it shares but for the models. */
type View = {
  readonly of: VoteTable
  readonly left: Int32Array
  readonly right: Int32Array
  readonly models: Names
  readonly length: number
}

/**
 * The vote log in memory: a struct of growable typed arrays, one entry a vote. Columns that no vote
 * has used take no memory. The arrays are longer than `length` and are replaced as the table grows:
 * read them anew after every append.
 */
export class VoteTable {
  readonly dimensions: readonly string[]
  readonly models: Names
  readonly voters: Fingerprints = new Fingerprints()
  readonly battles: Fingerprints = new Fingerprints()
  readonly languages: Names = new Names()
  readonly categories: Names = new Names()
  readonly judges: Names = new Names()

  #length = 0
  #capacity = FIRST_CAPACITY
  #left: Int32Array = new Int32Array(FIRST_CAPACITY)
  #right: Int32Array = new Int32Array(FIRST_CAPACITY)
  readonly #outcomes: Uint8Array[]
  #voter: Int32Array | null = null
  #battle: Int32Array | null = null
  #weight: Float64Array | null = null
  #time: Float64Array | null = null
  #language: Int32Array | null = null
  #category: Int32Array | null = null
  #judge: Int32Array | null = null
  #turns: Int32Array | null = null
  #versionA: Int32Array | null = null
  #versionB: Int32Array | null = null
  #style: Float32Array | null = null

  constructor({ dimensions }: { readonly dimensions: readonly string[] }, view?: View) {
    this.dimensions = [...dimensions]
    this.models = view?.models ?? new Names()
    this.#outcomes = this.dimensions.map(() => new Uint8Array(FIRST_CAPACITY))
    if (view === undefined) return
    const { of, left, right, length } = view
    this.voters = of.voters
    this.battles = of.battles
    this.languages = of.languages
    this.categories = of.categories
    this.judges = of.judges
    this.#length = length
    // Whoever appended would get columns of their own.
    this.#capacity = length
    this.#left = left
    this.#right = right
    this.#outcomes = [...of.#outcomes]
    this.#voter = of.#voter
    this.#battle = of.#battle
    this.#weight = of.#weight
    this.#time = of.#time
    this.#language = of.#language
    this.#category = of.#category
    this.#judge = of.#judge
    this.#turns = of.#turns
    this.#versionA = of.#versionA
    this.#versionB = of.#versionB
    this.#style = of.#style
  }

  /** The first rows of this table, as it was then: to read, while this one may grow on. */
  upTo(length: number): VoteTable {
    const { left, right, models } = this
    return new VoteTable(this, { of: this, left, right, models, length })
  }

  /**
   * This table as it is now, with each version of one model a contestant of its own
   * ({@link versionName}): to read, while this one may grow on.
   *
   * @param oldest versions before this one stand under its predecessor's number together
   */
  splitByVersion(model: string, oldest = 1): VoteTable {
    const models = new Names()
    for (let id = 0; id < this.models.size; id += 1) models.idOf(this.models.nameOf(id))
    const length = this.#length
    const wanted = this.models.find(model) ?? -1
    const split = (side: Int32Array, versions: Int32Array | null) => {
      const copy = side.slice(0, length)
      for (let row = 0; row < length; row += 1) {
        if (copy[row] !== wanted) continue
        const version = Math.max(versions?.[row] ?? 1, oldest - 1)
        copy[row] = models.idOf(versionName(model, version))
      }
      return copy
    }
    const left = split(this.#left, this.#versionA)
    const right = split(this.#right, this.#versionB)
    return new VoteTable(this, { of: this, left, right, models, length })
  }

  /** How many rows there are, withdrawn ones included. */
  get length(): number {
    return this.#length
  }

  /** Model ids of the left side. */
  get left(): Int32Array {
    return this.#left
  }

  /** Model ids of the right side. */
  get right(): Int32Array {
    return this.#right
  }

  /** Outcome codes by dimension, then row. */
  get outcomes(): readonly Uint8Array[] {
    return this.#outcomes
  }

  /** Voter ids; −1: a voter with this vote only. Null: all are. */
  get voter(): Int32Array | null {
    return this.#voter
  }

  /** Battle ids; −1: a battle with this vote only. Null: all are. */
  get battle(): Int32Array | null {
    return this.#battle
  }

  /** Weights. Null: all are 1. */
  get weight(): Float64Array | null {
    return this.#weight
  }

  /** Milliseconds since 1970, NaN where unknown. Null: all are unknown. */
  get time(): Float64Array | null {
    return this.#time
  }

  /** Language ids; −1 where unknown. Null: all are unknown. */
  get language(): Int32Array | null {
    return this.#language
  }

  /** Category ids; −1 where unknown. Null: all are unknown. */
  get category(): Int32Array | null {
    return this.#category
  }

  /** Ids of kinds of judges; −1 where unknown. Null: all are unknown. */
  get judge(): Int32Array | null {
    return this.#judge
  }

  /** Numbers of turns. Null: all are 1. */
  get turns(): Int32Array | null {
    return this.#turns
  }

  /** Versions of the left side. Null: all are 1. */
  get versionA(): Int32Array | null {
    return this.#versionA
  }

  /** Versions of the right side. Null: all are 1. */
  get versionB(): Int32Array | null {
    return this.#versionB
  }

  /** {@link STYLE_VALUES} numbers a row, NaN where unknown. Null: all are unknown. */
  get style(): Float32Array | null {
    return this.#style
  }

  /** The number of a dimension, −1 if the table has no such dimension. */
  dimensionOf(name: string): number {
    return this.dimensions.indexOf(name)
  }

  /**
   * Adds a vote at the end. Callers check what comes from outside; what no table can hold is a
   * mistake of theirs.
   *
   * @returns the number of its row
   * @throws RangeError for a battle of a model with itself, an unknown outcome code, a number of
   *   outcomes other than the table's dimensions, a weight that is not above 0 and finite, or more
   *   models than fit
   */
  append(vote: TableVote): number {
    if (vote.modelA === vote.modelB) throw new RangeError('A model cannot meet itself.')
    if (vote.outcomes.length !== this.dimensions.length) {
      throw new RangeError('A vote needs one outcome for each dimension.')
    }
    for (const outcome of vote.outcomes) {
      if (!Number.isInteger(outcome) || outcome < 0 || outcome > OUTCOME_SKIP) {
        throw new RangeError(`There is no outcome with the code ${outcome}.`)
      }
    }
    const weight = vote.weight ?? 1
    if (!(weight > 0 && weight < Number.POSITIVE_INFINITY)) {
      throw new RangeError('A weight has to be above 0 and finite.')
    }
    const row = this.#length
    if (row === this.#capacity) this.#grow()
    this.#left[row] = this.models.idOf(vote.modelA)
    this.#right[row] = this.models.idOf(vote.modelB)
    if (this.models.size > MAX_MODELS) throw new RangeError(`More than ${MAX_MODELS} models.`)
    for (const [dimension, outcome] of vote.outcomes.entries()) {
      this.#outcomes[dimension]![row] = outcome
    }
    this.#voter = this.#set(this.#voter, Int32Array, -1, row, id(this.voters, vote.voter))
    this.#battle = this.#set(this.#battle, Int32Array, -1, row, id(this.battles, vote.battle))
    this.#weight = this.#set(this.#weight, Float64Array, 1, row, weight)
    this.#time = this.#set(this.#time, Float64Array, Number.NaN, row, vote.time ?? Number.NaN)
    this.#language = this.#set(
      this.#language,
      Int32Array,
      -1,
      row,
      id(this.languages, vote.language),
    )
    this.#category = this.#set(
      this.#category,
      Int32Array,
      -1,
      row,
      id(this.categories, vote.category),
    )
    this.#judge = this.#set(this.#judge, Int32Array, -1, row, id(this.judges, vote.judge))
    this.#turns = this.#set(this.#turns, Int32Array, 1, row, vote.turns ?? 1)
    this.#versionA = this.#set(this.#versionA, Int32Array, 1, row, vote.versionA ?? 1)
    this.#versionB = this.#set(this.#versionB, Int32Array, 1, row, vote.versionB ?? 1)
    if (vote.style) this.#setStyle(row, vote.style)
    this.#length += 1
    return row
  }

  /**
   * Takes a vote back: its row stays, but counts nowhere. Take it out of every `SliceCounts` first:
   * they read the row's outcomes.
   */
  withdraw(row: number): void {
    for (const column of this.#outcomes) column[row] = OUTCOME_WITHDRAWN
  }

  #setStyle(row: number, style: readonly number[]): void {
    this.#style ??= new Float32Array(this.#capacity * STYLE_VALUES).fill(Number.NaN)
    for (let k = 0; k < STYLE_VALUES; k += 1) {
      this.#style[row * STYLE_VALUES + k] = style[k] ?? Number.NaN
    }
  }

  /** Writes into a column, which comes into being with its first value that is not the default. */
  #set<C extends NumericColumn>(
    column: C | null,
    create: new (length: number) => C,
    missing: number,
    row: number,
    value: number,
  ): C | null {
    if (column === null) {
      if (Object.is(value, missing)) return null
      const created = new create(this.#capacity)
      created.fill(missing)
      created[row] = value
      return created
    }
    column[row] = value
    return column
  }

  #grow(): void {
    const capacity = this.#capacity * 2
    this.#left = grown(this.#left, Int32Array, capacity, 0)
    this.#right = grown(this.#right, Int32Array, capacity, 0)
    for (const [dimension, column] of this.#outcomes.entries()) {
      this.#outcomes[dimension] = grown(column, Uint8Array, capacity, 0)
    }
    this.#voter &&= grown(this.#voter, Int32Array, capacity, -1)
    this.#battle &&= grown(this.#battle, Int32Array, capacity, -1)
    this.#weight &&= grown(this.#weight, Float64Array, capacity, 1)
    this.#time &&= grown(this.#time, Float64Array, capacity, Number.NaN)
    this.#language &&= grown(this.#language, Int32Array, capacity, -1)
    this.#category &&= grown(this.#category, Int32Array, capacity, -1)
    this.#judge &&= grown(this.#judge, Int32Array, capacity, -1)
    this.#turns &&= grown(this.#turns, Int32Array, capacity, 1)
    this.#versionA &&= grown(this.#versionA, Int32Array, capacity, 1)
    this.#versionB &&= grown(this.#versionB, Int32Array, capacity, 1)
    this.#style &&= grown(this.#style, Float32Array, capacity * STYLE_VALUES, Number.NaN)
    this.#capacity = capacity
  }
}

function id(names: Pick<Names, 'idOf'>, name: string | null | undefined): number {
  return name === null || name === undefined ? -1 : names.idOf(name)
}

function grown<C extends NumericColumn>(
  column: C,
  create: new (length: number) => C,
  capacity: number,
  missing: number,
): C {
  const larger = new create(capacity)
  larger.set(column)
  if (missing !== 0) larger.fill(missing, column.length)
  return larger
}
