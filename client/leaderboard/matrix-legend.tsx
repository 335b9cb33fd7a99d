import { boardTexts } from '../texts/en-board.ts'
import { HEAT_STEPS } from './matrix.ts'

const { matrix } = boardTexts
const STEPS = Array.from({ length: 2 * HEAT_STEPS + 1 }, (_, index) => index - HEAT_STEPS)

/** What the colours of the matrix mean. */
export function MatrixLegend() {
  return (
    <p className="matrix-legend">
      <span>{matrix.legendLow}</span>
      <span className="matrix-scale" aria-hidden="true">
        {STEPS.map((step) => (
          <span key={step} data-heat={step} />
        ))}
      </span>
      <span>{matrix.legendHigh}</span>
      <span className="matrix-few">
        <span data-heat={2} data-few aria-hidden="true" /> {matrix.few}
      </span>
      <span className="matrix-few">
        <span className="matrix-never" aria-hidden="true">
          ·
        </span>{' '}
        {matrix.never}
      </span>
    </p>
  )
}
