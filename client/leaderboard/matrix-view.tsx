import { useEffect, useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { ModelRef } from '../../shared/schemas/common.ts'
import type { Board } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'
import { Notice } from '../ui/notice.tsx'
import { SHOWS, queryOfSlice, sliceOf, type Address } from './address.ts'
import { battlesOf, matrixOf, type Matrix } from './matrix.ts'
import { MatrixGrid, type CellPlace } from './matrix-grid.tsx'
import { MatrixLegend } from './matrix-legend.tsx'
import { OddsPicker } from './odds-picker.tsx'
import type { ChangeAddress } from './use-address.ts'
import { usePairs } from './use-pairs.ts'
import './matrix.css'

const { matrix: words } = boardTexts

type Props = {
  address: Address
  board: Board
  change: ChangeAddress
  onMatrix: (shown: { matrix: Matrix; models: readonly ModelRef[] } | null) => void
}

/** Who beats whom: a heat map of win shares with its counts, and the odds of any pairing. */
export function MatrixView({ address, board, change, onMatrix }: Props) {
  const { dimension } = board.slice
  const { pairs, fault } = usePairs([queryOfSlice(sliceOf(address, dimension))], board.version)
  const [place, setPlace] = useState<CellPlace | null>(null)
  const matrix = useMemo(() => {
    const first = pairs?.[0]
    return first === undefined ? null : matrixOf(first)
  }, [pairs])
  // In the order of the board, so that the strong stand at the top and at the left.
  const models = useMemo(() => board.rows.map((row) => row.model), [board.rows])
  useEffect(() => {
    onMatrix(matrix === null ? null : { matrix, models })
    return () => onMatrix(null)
  }, [matrix, models, onMatrix])
  if (fault !== null && matrix === null) return <Notice title={fault.message} />
  if (matrix === null) return <p className="board-empty">{boardTexts.loading}</p>
  return (
    <section className="matrix" aria-labelledby="matrix-title" data-dimension={dimension}>
      <div className="view-head">
        <div>
          <h2 id="matrix-title">{words.title}</h2>
          <p>
            {words.lead} {dimension === 'overall' && `${words.decided}.`}
          </p>
        </div>
        <fieldset className="segments">
          <legend>{words.shows.label}</legend>
          {SHOWS.map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="show"
                checked={each === address.show}
                onChange={() => change({ show: each })}
              />
              <span>{words.shows[each]}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <MatrixLegend />
      <MatrixGrid
        matrix={matrix}
        models={models}
        show={address.show}
        place={place}
        onPlace={setPlace}
      />
      <CellDetails matrix={matrix} place={place} />
      <OddsPicker address={address} models={models} version={board.version} />
    </section>
  )
}

/** What the chosen cell says in full. */
function CellDetails({ matrix, place }: { matrix: Matrix; place: CellPlace | null }) {
  if (place === null) {
    return (
      <p className="matrix-details">
        <span className="wide-only">{words.hint}</span>
        <span className="narrow-only">{words.touchHint}</span>
      </p>
    )
  }
  const { row, column } = place
  const meeting = matrix.of(row.slug, column.slug)
  return (
    <p className="matrix-details figures" data-testid="matrix-details" aria-live="polite">
      <strong>{words.cell(row.name, column.name)}</strong>{' '}
      {meeting === null || meeting.observed === null ? (
        words.noBattles
      ) : (
        <>
          {words.observed(meeting.observed, meeting.verdicts)} (
          {words.record(meeting.wins, meeting.losses, meeting.ties, meeting.bothBad)})
        </>
      )}
      {', '}
      {typeof meeting?.expected === 'number'
        ? words.predicted(meeting.expected)
        : words.notPredicted}
      . <Link to={battlesOf(row, column)}>{words.battles}</Link>
    </p>
  )
}
