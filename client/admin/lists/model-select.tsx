import type { AdminModel } from '../../../shared/schemas/model.ts'
import { Select } from '../../leaderboard/select.tsx'
import { moreTexts } from '../../texts/en-admin-more.ts'

type Props = {
  name: string
  value: string
  models: readonly AdminModel[]
  onChange: (slug: string) => void
}

/** Narrows a list down to a model. One that is not there (any more) stays chosen all the same. */
export function ModelSelect({ name, value, models, onChange }: Props) {
  const known = value === '' || models.some(({ slug }) => slug === value)
  return (
    <Select name={name} value={value} onChange={onChange}>
      <option value="">{moreTexts.list.any}</option>
      {!known && <option value={value}>{value}</option>}
      {models.map(({ slug, name: modelName }) => (
        <option key={slug} value={slug}>
          {modelName}
        </option>
      ))}
    </Select>
  )
}
