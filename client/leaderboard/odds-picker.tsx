import { useMemo, useState, type CSSProperties } from 'react'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatShare } from '../texts/format.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { queryOfSlice, sliceOf, type Address } from './address.ts'
import { matrixOf, type Meeting } from './matrix.ts'
import { Select } from './select.tsx'
import { usePairs } from './use-pairs.ts'

const { odds } = boardTexts

type Props = { address: Address; models: readonly ModelRef[]; version: number }

/** What each board predicts of two models that the reader picks, beside what has happened. */
export function OddsPicker({ address, models, version }: Props) {
  const [picked, setPicked] = useState<{ first?: string; second?: string }>({})
  const first = models.find(({ slug }) => slug === picked.first) ?? models[0]
  const second = models.find(({ slug }) => slug === picked.second) ?? models[1]
  const { pairs } = usePairs(
    DIMENSIONS.map((dimension) => queryOfSlice(sliceOf(address, dimension))),
    version,
  )
  const matrices = useMemo(() => pairs?.map(matrixOf) ?? null, [pairs])
  if (first === undefined || second === undefined) return null
  const options = models.map(({ slug, name }) => (
    <option key={slug} value={slug}>
      {name}
    </option>
  ))
  return (
    <section className="odds" aria-labelledby="odds-title" data-testid="odds">
      <h2 id="odds-title">{odds.title}</h2>
      <p>{odds.lead}</p>
      <div className="odds-pick">
        <Select
          name={odds.first}
          value={first.slug}
          onChange={(slug) => setPicked({ ...picked, first: slug })}
        >
          {options}
        </Select>
        <Select
          name={odds.second}
          value={second.slug}
          onChange={(slug) => setPicked({ ...picked, second: slug })}
        >
          {options}
        </Select>
      </div>
      {first.slug === second.slug ? (
        <p className="odds-none">{odds.same}</p>
      ) : (
        <ul className="odds-list figures">
          {DIMENSIONS.map((dimension, index) => (
            <li key={dimension} data-dimension={dimension}>
              <DimensionName dimension={dimension} />
              <OddsLine
                first={first}
                second={second}
                meeting={matrices?.[index]?.of(first.slug, second.slug) ?? null}
                loading={matrices === null}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

type LineProps = { first: ModelRef; second: ModelRef; meeting: Meeting | null; loading: boolean }

function OddsLine({ first, second, meeting, loading }: LineProps) {
  if (loading) return <span className="odds-said">{boardTexts.loading}</span>
  const expected = meeting?.expected ?? null
  const observed = meeting?.observed ?? null
  return (
    <>
      {expected === null ? (
        <span className="odds-said">{odds.unknown}</span>
      ) : (
        <span
          className="odds-bar"
          role="img"
          aria-label={odds.line(first.name, expected, second.name)}
          style={{ '--share': `${expected * 100}%` } as CSSProperties}
        >
          <span>{formatShare(expected)}</span>
          <span>{formatShare(1 - expected)}</span>
        </span>
      )}
      <span className="odds-said">
        {observed === null ? odds.never : odds.observed(observed, meeting?.verdicts ?? 0)}
      </span>
    </>
  )
}
