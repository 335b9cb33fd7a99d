import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { Names } from '../../shared/ratings/names.ts'
import { VoteTable } from '../../shared/ratings/vote-table.ts'
import { listOf } from './json-rows.ts'
import { ONLY_DIMENSION } from './options.ts'
import { DataError, shown, type BadRows, type Flaw, type Place } from './problems.ts'
import {
  columnsToRead,
  readVote,
  REQUIRED,
  shapeOf,
  type Extras,
  type FileVote,
  type Row,
  type Shape,
} from './rows.ts'
import type { RowSink } from './sink.ts'

/** Every model is a row of matrices that are solved. */
const MAX_MODELS = 8000

/** Which of the things that a file may hold are needed. */
export type Wanted = {
  /** The kind of judge whose votes count, where a file names kinds. */
  readonly judge: string
} & Extras

/** Gathers the votes of all files into one table. */
export class VoteCollector {
  #table: VoteTable | undefined
  readonly #wanted: Wanted
  readonly #bad: BadRows
  readonly #leftOut = new Map<string, number>()
  readonly #judges = new Map<string, number>()
  #first: string | undefined
  #styled = 0

  constructor(wanted: Wanted, bad: BadRows) {
    this.#wanted = wanted
    this.#bad = bad
  }

  /** The votes so far: of three dimensions, or of the only one. Files without a row leave it open. */
  get table(): VoteTable {
    return this.#table ?? new VoteTable({ dimensions: DIMENSIONS })
  }

  /** Whether files that name a winner per dimension were read. */
  get hasDimensions(): boolean {
    return this.table.dimensions.length > 1
  }

  /** Good rows that are not rated, by the reason why. */
  get leftOut(): ReadonlyMap<string, number> {
    return this.#leftOut
  }

  /** Votes by kind of judge, of files that name kinds. */
  get judges(): ReadonlyMap<string, number> {
    return this.#judges
  }

  /** Votes with counts of style. */
  get styled(): number {
    return this.#styled
  }

  /** Where the rows of one file go. */
  fileSink(file: string): RowSink {
    const wanted = columnsToRead(this.#wanted)
    let shape: Shape | undefined
    return {
      columns: (found) => {
        shape = shapeOf(found)
        if (shape === undefined) {
          throw new DataError(`${file}: needs ${REQUIRED}; found ${listOf(found)}`)
        }
        const twice = found.find((name, index) => wanted.has(name) && found.indexOf(name) !== index)
        if (twice !== undefined) throw new DataError(`${file}: has the column ${twice} twice`)
        this.#begin(file, shape)
        return found.filter((name) => wanted.has(name))
      },
      row: (row, place) => {
        if (shape !== undefined) this.#add(file, row, shape, place)
      },
      bad: (place, flaw) => this.#bad.add(file, place, flaw),
    }
  }

  #begin(file: string, { verdicts }: Shape): void {
    const dimensions = verdicts === 'dimensions' ? DIMENSIONS : [ONLY_DIMENSION]
    if (this.#table === undefined) {
      this.#table = new VoteTable({ dimensions })
      this.#first = file
    } else if (this.#table.dimensions.length !== dimensions.length) {
      throw new DataError(
        `${file}: one of ${this.#first ?? ''} and this file names a winner per dimension, the other one a row: rate them apart`,
      )
    }
  }

  #add(file: string, row: Row, shape: Shape, place: Place): void {
    const vote = readVote(row, shape, this.#wanted)
    if (isFlaw(vote)) {
      this.#bad.add(file, place, vote)
      return
    }
    if (vote.judge !== undefined) {
      this.#judges.set(vote.judge, (this.#judges.get(vote.judge) ?? 0) + 1)
    }
    const reason = this.#reasonAgainst(vote)
    if (reason === undefined) this.#append(vote)
    else this.#leftOut.set(reason, (this.#leftOut.get(reason) ?? 0) + 1)
  }

  #reasonAgainst(vote: FileVote): string | undefined {
    // FastChat rates only votes given before the names were shown.
    if (!vote.anonymous) return 'of voters who knew the models (anony is false)'
    if (vote.judge !== undefined && vote.judge !== this.#wanted.judge) {
      return `of other judges than ${shown(this.#wanted.judge)}`
    }
    return vote.weight === 0 ? 'of weight 0' : undefined
  }

  #append(vote: FileVote): void {
    const { table } = this
    if (vote.style !== null) this.#styled++
    table.append({
      modelA: kept(table.models, vote.modelA),
      modelB: kept(table.models, vote.modelB),
      outcomes: vote.outcomes,
      voter: vote.voter,
      battle: vote.battle,
      weight: vote.weight,
      style: vote.style,
    })
    if (table.models.size > MAX_MODELS) {
      throw new DataError(
        `more than ${MAX_MODELS.toLocaleString('en')} different models: do the columns hold their names?`,
      )
    }
  }
}

function isFlaw(vote: FileVote | Flaw): vote is Flaw {
  return 'kind' in vote
}

/** A name that is new, as a string of its own: a piece cut out of a file's text would keep all of that. */
function kept(names: Names, name: string): string {
  return names.find(name) === undefined ? Buffer.from(name).toString() : name
}
