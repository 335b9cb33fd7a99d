import type { ModelRef } from '../../shared/schemas/common.ts'
import { boardTexts } from '../texts/en-board.ts'
import type { Address } from './address.ts'
import { Select } from './select.tsx'
import type { ChangeAddress } from './use-address.ts'

const { filters } = boardTexts

/** What an anchor is given when it is chosen: a round number that anybody can change. */
const FIRST_RATING = 1000

type Props = {
  address: Address
  change: ChangeAddress
  models: readonly ModelRef[]
  disabled: boolean
}

/** Shifts a board so that one model has a certain rating, to hold it against another board. */
export function AnchorField({ address: { anchor }, change, models, disabled }: Props) {
  return (
    <>
      <Select
        name={filters.anchor}
        value={anchor?.model ?? ''}
        disabled={disabled}
        onChange={(model) =>
          change({
            anchor: model === '' ? null : { model, rating: anchor?.rating ?? FIRST_RATING },
          })
        }
      >
        <option value="">{filters.noAnchor}</option>
        {models.map(({ slug, name }) => (
          <option key={slug} value={slug}>
            {name}
          </option>
        ))}
      </Select>
      {anchor !== null && (
        <label className="field">
          <span>{filters.anchorRating}</span>
          <input
            type="number"
            value={anchor.rating}
            step={1}
            disabled={disabled}
            onChange={({ target }) => {
              const rating = target.valueAsNumber
              if (Number.isFinite(rating)) change({ anchor: { ...anchor, rating } })
            }}
          />
        </label>
      )}
    </>
  )
}
