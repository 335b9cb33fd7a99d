import { useCallback } from 'react'
import { Link, useParams } from 'react-router'
import type { AdminBattleSummary } from '../../../shared/schemas/admin.ts'
import type { Page } from '../../../shared/schemas/common.ts'
import { Select } from '../../leaderboard/select.tsx'
import { boardTexts } from '../../texts/en-board.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { AdminPage } from '../admin-page.tsx'
import { ListFrame } from '../lists/list-frame.tsx'
import { ModelSelect } from '../lists/model-select.tsx'
import { useFilters } from '../lists/use-filters.ts'
import { useModels } from '../lists/use-models.ts'
import { usePages } from '../lists/use-pages.ts'
import { When } from '../lists/when.tsx'
import { useAdmin } from '../session.tsx'
import { VerdictMarks } from '../../ui/verdict-marks.tsx'
import { BattleView } from './battle-view.tsx'
import './battles.css'

const { battles, list } = moreTexts
const FILTERS = ['model', 'opponent', 'end', 'voted'] as const
const keyOf = ({ battleId }: AdminBattleSummary) => battleId
const SIDES = ['a', 'b'] as const

/** Everything that was asked, answered and judged; one battle opened where the address names it. */
export function AdminBattlesPage() {
  const { id } = useParams()
  const { api } = useAdmin()
  const { filters, query, set } = useFilters(FILTERS)
  const { models } = useModels()
  const read = useCallback(
    (cursor: string | null) => {
      const search = new URLSearchParams(query)
      if (cursor !== null) search.set('cursor', cursor)
      return api.get<Page<AdminBattleSummary>>(`/battles?${search.toString()}`)
    },
    [api, query],
  )
  const pages = usePages({ read, keyOf })
  const search = query === '' ? '' : `?${query}`

  if (id !== undefined) return <BattleView key={id} id={id} search={search} />
  return (
    <AdminPage title={battles.title} lead={battles.lead}>
      <div className="list-filters" role="group" aria-label={list.filters}>
        <ModelSelect
          name={list.model}
          value={filters.model}
          models={models}
          onChange={(model) => set(model === '' ? { model, opponent: '' } : { model })}
        />
        {filters.model !== '' && (
          <ModelSelect
            name={battles.opponent}
            value={filters.opponent}
            models={models.filter(({ slug }) => slug !== filters.model)}
            onChange={(opponent) => set({ opponent })}
          />
        )}
        <Select name={battles.end} value={filters.end} onChange={(end) => set({ end })}>
          <option value="">{list.any}</option>
          {Object.entries(battles.ends).map(([end, name]) => (
            <option key={end} value={end}>
              {name}
            </option>
          ))}
        </Select>
        <Select name={battles.voted} value={filters.voted} onChange={(voted) => set({ voted })}>
          <option value="">{list.any}</option>
          <option value="1">{battles.votedYes}</option>
          <option value="0">{battles.votedNo}</option>
        </Select>
        {query !== '' && (
          <button
            type="button"
            className="button"
            data-kind="quiet"
            onClick={() => set({ model: '', opponent: '', end: '', voted: '' })}
          >
            {list.clear}
          </button>
        )}
      </div>
      <ListFrame pages={pages} empty={query === '' ? battles.empty : list.noMatch}>
        {(items) => (
          <ul className="list-rows" aria-label={battles.list} data-testid="battle-list">
            {items.map((battle) => (
              <li key={battle.battleId}>
                <Link to={`/admin/battles/${battle.battleId}${search}`} className="list-row">
                  <Row battle={battle} />
                </Link>
              </li>
            ))}
          </ul>
        )}
      </ListFrame>
    </AdminPage>
  )
}

function Row({ battle }: { battle: AdminBattleSummary }) {
  const { models, versions, ends, verdicts } = battle
  return (
    <>
      <span className="list-title battle-asked" dir="auto">
        {battle.prompt}
      </span>
      <span className="list-beside figures">
        {battles.phases[battle.phase] ?? battle.phase} · <When at={battle.createdAt} />
      </span>
      <span className="list-about battle-sides figures">
        {SIDES.map((side) => (
          <span key={side}>
            {battles.side(side, models[side].name, versions[side])} <EndTag end={ends[side]} />
          </span>
        ))}
      </span>
      <span className="list-about battle-filed">
        <span className="figures">
          {battles.language(battle.language)} · {boardTexts.categoryName(battle.category)} ·{' '}
          {battles.drawn(battle.pairProbability)}
          {battle.turns > 1 && ` · ${battles.turns(battle.turns)}`}
        </span>
        {verdicts !== undefined && (
          <span className="battle-verdicts">
            <VerdictMarks verdicts={verdicts} />
          </span>
        )}
      </span>
    </>
  )
}

/** How a side ended; failures stand out, what is complete is left unsaid. */
function EndTag({ end }: { end: string | null }) {
  if (end === 'stop') return null
  return (
    <span className="list-tag" data-tone={end === 'error' ? 'bad' : 'quiet'}>
      {end === null ? battles.writing : (battles.endNames[end] ?? end)}
    </span>
  )
}
