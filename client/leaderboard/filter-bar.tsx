import { JUDGES, METHODS, TURNS } from '../../shared/boards.ts'
import { CATEGORIES } from '../../shared/categories.ts'
import { TIES } from '../../shared/ratings/outcomes.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import { boardTexts } from '../texts/en-board.ts'
import { Icon } from '../ui/icon.tsx'
import { countFilters, isFromCounts, withoutFilters, type Address } from './address.ts'
import { AnchorField } from './anchor-field.tsx'
import { LANGUAGES } from './languages.ts'
import { Select } from './select.tsx'
import { summaryOf } from './summary.ts'
import type { ChangeAddress } from './use-address.ts'
import { WeightSliders } from './weight-sliders.tsx'
import { WithoutField } from './without-field.tsx'

const { filters } = boardTexts

type Props = {
  address: Address
  change: ChangeAddress
  models: readonly ModelRef[]
  open: boolean
  onOpen: (open: boolean) => void
}

/** Which votes, and how they are rated: all of it in the address, so that it can be passed on. */
export function FilterBar({ address, change, models, open, onOpen }: Props) {
  const active = countFilters(address)
  const fromCounts = isFromCounts(address)
  return (
    <details
      className="filters"
      open={open}
      onToggle={({ currentTarget }) => onOpen(currentTarget.open)}
    >
      <summary>
        <Icon name="filter" />
        <span>{filters.active(active)}</span>
        <span className="filters-summary">{summaryOf(address)}</span>
      </summary>
      <div className="filters-body">
        <fieldset>
          <legend>{filters.which}</legend>
          <Select
            name={filters.language}
            value={address.language ?? ''}
            onChange={(value) => change({ language: value === '' ? null : value })}
          >
            <option value="">{filters.anyLanguage}</option>
            {LANGUAGES.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
            <option value="und">{filters.unknownLanguage}</option>
          </Select>
          <Select
            name={filters.category}
            value={address.category ?? ''}
            onChange={(value) =>
              change({ category: CATEGORIES.find((each) => each === value) ?? null })
            }
          >
            <option value="">{filters.anyCategory}</option>
            {CATEGORIES.map((category) => (
              <option key={category} value={category}>
                {boardTexts.categoryName(category)}
              </option>
            ))}
          </Select>
          <Choice
            name={filters.turns}
            values={TURNS.toReversed()}
            value={address.turns}
            names={filters.turnsOf}
            onChange={(turns) => change({ turns })}
          />
          <Choice
            name={filters.judge}
            values={JUDGES}
            value={address.judge}
            names={filters.judges}
            onChange={(judge) => change({ judge })}
          />
        </fieldset>
        <fieldset>
          <legend>{filters.how}</legend>
          <Choice
            name={filters.method}
            values={METHODS}
            value={address.method}
            names={filters.methods}
            onChange={(method) => change({ method })}
          />
          <Choice
            name={filters.ties}
            values={TIES}
            value={address.ties}
            names={filters.tiesOf}
            disabled={!fromCounts}
            onChange={(ties) => change({ ties })}
          />
          <label className="check">
            <input
              type="checkbox"
              checked={address.style}
              disabled={address.method !== 'bradley-terry'}
              onChange={({ target }) => change({ style: target.checked })}
            />
            <span>
              {filters.style}
              <small>{filters.styleHint}</small>
            </span>
          </label>
          <AnchorField address={address} change={change} models={models} disabled={!fromCounts} />
          <WithoutField address={address} change={change} models={models} disabled={!fromCounts} />
        </fieldset>
        <WeightSliders address={address} change={change} />
        <Notes address={address} />
        {active > 0 && (
          <button type="button" className="button" onClick={() => change(withoutFilters())}>
            {filters.reset}
          </button>
        )}
      </div>
    </details>
  )
}

/** What follows from the choice and would surprise whoever is not told. */
function Notes({ address }: { address: Address }) {
  const notes = [
    !isFromCounts(address) && filters.notFromCounts,
    address.method === 'davidson' && filters.davidsonOverall,
    address.method === 'elo' && filters.eloNote,
    (address.language !== null || address.category !== null) &&
      address.method === 'bradley-terry' &&
      filters.sliceNote,
  ].filter((note) => note !== false)
  if (notes.length === 0) return null
  return (
    <ul className="filters-notes">
      {notes.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}

type ChoiceProps<T extends string> = {
  name: string
  values: readonly T[]
  value: T
  names: Readonly<Record<T, string>>
  disabled?: boolean
  onChange: (value: T) => void
}

function Choice<T extends string>(props: ChoiceProps<T>) {
  const { name, values, value, names, disabled = false, onChange } = props
  return (
    <Select
      name={name}
      value={value}
      disabled={disabled}
      onChange={(wanted) => onChange(values.find((each) => each === wanted) ?? value)}
    >
      {values.map((each) => (
        <option key={each} value={each}>
          {names[each]}
        </option>
      ))}
    </Select>
  )
}
