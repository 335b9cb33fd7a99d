import type { ModelCard } from '../../shared/schemas/model.ts'
import { getModels } from '../arena/http.ts'
import { choicesOf, groupsOf, matching } from '../models/filter.ts'
import { ModelFilterBar } from '../models/model-filter.tsx'
import { ModelTile } from '../models/model-tile.tsx'
import { useFilter } from '../models/use-filter.ts'
import { modelTexts } from '../texts/en-models.ts'
import { formatWhole } from '../texts/format.ts'
import { Notice } from '../ui/notice.tsx'
import { useFetched } from '../ui/use-fetched.ts'
import { usePageTitle } from '../ui/use-page.ts'
import '../leaderboard/parts.css'
import './pages.css'
import '../models/models.css'

/** Everybody who competes here, and who did: nobody disappears silently. */
export function ModelsPage() {
  usePageTitle(modelTexts.title)
  const fetched = useFetched(getModels)
  return (
    <div className="page models-page">
      <h1 className="page-title">{modelTexts.title}</h1>
      <p className="page-lead">{modelTexts.lead}</p>
      {fetched?.ok === false && <Notice title={fetched.error.message} />}
      {fetched?.ok === true && <Models models={fetched.value.items} />}
    </div>
  )
}

const GROUPS = ['competing', 'paused', 'retired'] as const

function Models({ models }: { models: readonly ModelCard[] }) {
  const { filter, change } = useFilter()
  if (models.length === 0) return <p className="page-empty">{modelTexts.empty}</p>
  const shown = matching(models, filter)
  const groups = groupsOf(shown)
  return (
    <>
      <ModelFilterBar
        filter={filter}
        change={change}
        choices={choicesOf(models)}
        shown={shown.length}
        all={models.length}
      />
      {shown.length === 0 && <p className="page-empty">{modelTexts.filter.nobody}</p>}
      {GROUPS.map(
        (group) =>
          groups[group].length > 0 && (
            <section key={group} aria-labelledby={`models-${group}`} className="model-group">
              <h2 id={`models-${group}`}>
                {modelTexts.groups[group]}{' '}
                <span className="model-group-count figures">
                  {formatWhole(groups[group].length)}
                </span>
              </h2>
              <p>{modelTexts.groupLeads[group]}</p>
              <ul className="model-list">
                {groups[group].map((model) => (
                  <ModelTile key={model.slug} model={model} />
                ))}
              </ul>
            </section>
          ),
      )}
    </>
  )
}
