import { Select } from '../leaderboard/select.tsx'
import { modelTexts } from '../texts/en-models.ts'
import { Icon } from '../ui/icon.tsx'
import type { ModelFilter } from './filter.ts'

const { filter: words } = modelTexts

type Props = {
  filter: ModelFilter
  change: (wanted: Partial<ModelFilter>) => void
  choices: { organizations: readonly string[]; tags: readonly string[] }
  shown: number
  all: number
}

/** Finds models by words, maker and tag. */
export function ModelFilterBar({ filter, change, choices, shown, all }: Props) {
  const filtered = filter.text !== '' || filter.organization !== '' || filter.tag !== ''
  return (
    <search className="model-filter" aria-label={words.label}>
      <label className="field model-filter-text">
        <span>{words.text}</span>
        <input
          type="search"
          value={filter.text}
          placeholder={words.textHint}
          maxLength={100}
          onChange={({ target }) => change({ text: target.value })}
        />
      </label>
      <Select
        name={words.organization}
        value={filter.organization}
        onChange={(organization) => change({ organization })}
      >
        <option value="">{words.anyOrganization}</option>
        {withChosen(choices.organizations, filter.organization).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      {choices.tags.length > 0 && (
        <Select name={words.tag} value={filter.tag} onChange={(tag) => change({ tag })}>
          <option value="">{words.anyTag}</option>
          {withChosen(choices.tags, filter.tag).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
      )}
      <p className="model-filter-found figures" role="status">
        {words.found(shown, all)}
      </p>
      {filtered && (
        <button
          type="button"
          className="button"
          data-kind="quiet"
          onClick={() => change({ text: '', organization: '', tag: '' })}
        >
          <Icon name="close" />
          {words.reset}
        </button>
      )}
    </search>
  )
}

/** An address may name what nobody has any more. */
function withChosen(names: readonly string[], chosen: string): readonly string[] {
  return chosen === '' || names.includes(chosen) ? names : [chosen, ...names]
}
