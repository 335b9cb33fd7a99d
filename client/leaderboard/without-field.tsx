import type { ModelRef } from '../../shared/schemas/common.ts'
import { boardTexts } from '../texts/en-board.ts'
import { Icon } from '../ui/icon.tsx'
import type { Address } from './address.ts'
import { Select } from './select.tsx'
import type { ChangeAddress } from './use-address.ts'

const { filters } = boardTexts

type Props = {
  address: Address
  change: ChangeAddress
  models: readonly ModelRef[]
  disabled: boolean
}

/** Leaves models out, as if they had never taken part. */
export function WithoutField({ address: { without }, change, models, disabled }: Props) {
  const nameOf = (slug: string) => models.find((model) => model.slug === slug)?.name ?? slug
  return (
    <>
      <Select
        name={filters.without}
        value=""
        disabled={disabled}
        onChange={(slug) => change({ without: [...without, slug] })}
      >
        <option value="">
          {without.length === 0 ? filters.withoutNone : boardTexts.leftOut(without.length)}
        </option>
        {models
          .filter(({ slug }) => !without.includes(slug))
          .map(({ slug, name }) => (
            <option key={slug} value={slug}>
              {name}
            </option>
          ))}
      </Select>
      {without.length > 0 && (
        <ul className="chips" aria-label={filters.leftOut}>
          {without.map((slug) => (
            <li key={slug}>
              <button
                type="button"
                className="chip"
                aria-label={filters.putBack(nameOf(slug))}
                onClick={() => change({ without: without.filter((each) => each !== slug) })}
              >
                {nameOf(slug)} <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
