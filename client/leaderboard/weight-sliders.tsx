import { DIMENSIONS } from '../../shared/dimensions.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatShare } from '../texts/format.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { MAX_WEIGHT, type Address } from './address.ts'
import type { ChangeAddress } from './use-address.ts'

const { filters } = boardTexts

type Props = { address: Address; change: ChangeAddress }

/** How much each question weighs in `overall`. At least one has to weigh something. */
export function WeightSliders({ address: { weights }, change }: Props) {
  const total = DIMENSIONS.reduce((sum, dimension) => sum + weights[dimension], 0)
  return (
    <fieldset className="weights">
      <legend>{filters.weights}</legend>
      {DIMENSIONS.map((dimension) => {
        const share = weights[dimension] / total
        return (
          <label key={dimension} className="weight" data-dimension={dimension}>
            <DimensionName dimension={dimension} />
            <input
              type="range"
              min={0}
              max={Math.max(MAX_WEIGHT, weights[dimension])}
              step={1}
              value={weights[dimension]}
              aria-valuetext={filters.weight(dimension, weights[dimension], share)}
              onChange={({ target }) => {
                const next = { ...weights, [dimension]: target.valueAsNumber }
                if (next.accuracy + next.helpfulness + next.language > 0) change({ weights: next })
              }}
            />
            <output className="figures">{formatShare(share)}</output>
          </label>
        )
      })}
    </fieldset>
  )
}
