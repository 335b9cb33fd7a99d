import { useEffect, useMemo, useState } from 'react'
import { DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { ModelRef } from '../../shared/schemas/common.ts'
import { PERIODS, type Address } from '../leaderboard/address.ts'
import { Select } from '../leaderboard/select.tsx'
import type { ChangeAddress } from '../leaderboard/use-address.ts'
import { boardTexts } from '../texts/en-board.ts'
import { texts } from '../texts/en.ts'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { HistoryTable } from './history-table.tsx'
import { LinePlot } from './line-plot.tsx'
import type { Line } from './lines.ts'
import { startOf } from './period.ts'
import { useHistories } from './use-history.ts'

const { history, filters } = boardTexts

/** Lines in one plot that can be told apart. */
const MOST_MODELS = 6
/** Shown where nobody has chosen: those at the top. */
const FIRST_MODELS = 4

type Props = {
  address: Address
  change: ChangeAddress
  /** In the order of the board. */
  models: readonly ModelRef[]
  onLines: (lines: readonly Line[] | null) => void
}

/** Ratings over time: one model on all three questions, or several models on one. */
export function HistoryView({ address, change, models, onLines }: Props) {
  const [now] = useState(Date.now)
  const { choice } = address
  const known = address.models.flatMap((slug) => models.find((model) => model.slug === slug) ?? [])
  const chosen =
    known.length > 0
      ? known.slice(0, choice === 'overview' ? 1 : MOST_MODELS)
      : models.slice(0, choice === 'overview' ? 1 : FIRST_MODELS)
  const wanted = linesOf(choice, chosen)
  const { points, fault } = useHistories(
    wanted.map(({ board, model }) => ({ dimension: board, model: model.slug })),
    startOf(address.period, now),
  )
  const key = wanted.map((line) => line.key).join()
  const lines = useMemo<readonly Line[] | null>(
    () => points?.map((own, index) => ({ ...wantedLine(wanted[index]), points: own })) ?? null,
    // oxlint-disable-next-line react/exhaustive-deps -- the key says which lines are wanted
    [points, key],
  )
  useEffect(() => {
    onLines(lines)
    return () => onLines(null)
  }, [lines, onLines])
  const picker = <ModelPicker address={address} change={change} models={models} chosen={chosen} />
  return (
    <section className="history" aria-labelledby="history-title">
      <div className="view-head">
        <div>
          <h2 id="history-title">
            {history.title}
            {choice === 'overview' && chosen[0] !== undefined && `: ${chosen[0].name}`}
          </h2>
          <p>{history.lead(choice === 'overview')}</p>
        </div>
        <Select
          name={filters.period}
          value={address.period}
          onChange={(value) => change({ period: PERIODS.find((each) => each === value) ?? 'all' })}
        >
          {PERIODS.map((period) => (
            <option key={period} value={period}>
              {filters.periods[period]}
            </option>
          ))}
        </Select>
      </div>
      {choice === 'overview' && picker}
      {fault !== null && <Notice title={fault.message} />}
      {lines === null ? (
        fault === null && <p className="board-empty history-loading">{boardTexts.loading}</p>
      ) : (
        <>
          <LinePlot lines={lines} />
          {choice !== 'overview' && picker}
          <HistoryTable lines={lines} />
        </>
      )}
      <p className="history-note">{history.filtersNote}</p>
    </section>
  )
}

type Wanted = {
  key: string
  name: string
  dimension: BoardDimension | null
  board: BoardDimension
  model: ModelRef
}

function linesOf(choice: Address['choice'], chosen: readonly ModelRef[]): Wanted[] {
  if (choice !== 'overview') {
    return chosen.map((model) => ({
      key: `${choice}:${model.slug}`,
      name: model.name,
      dimension: null,
      board: choice,
      model,
    }))
  }
  return chosen.flatMap((model) =>
    DIMENSIONS.map((dimension) => ({
      key: `${dimension}:${model.slug}`,
      name: texts.dimensions[dimension],
      dimension,
      board: dimension,
      model,
    })),
  )
}

const wantedLine = (wanted: Wanted | undefined) => ({
  key: wanted?.key ?? '',
  name: wanted?.name ?? '',
  dimension: wanted?.dimension ?? null,
})

type PickerProps = Omit<Props, 'onLines'> & { chosen: readonly ModelRef[] }

/** Which models: one for all three questions, several for one. */
function ModelPicker({ address, change, models, chosen }: PickerProps) {
  const options = (list: readonly ModelRef[]) =>
    list.map(({ slug, name }) => (
      <option key={slug} value={slug}>
        {name}
      </option>
    ))
  if (address.choice === 'overview') {
    return (
      <Select
        name={history.model}
        value={chosen[0]?.slug ?? ''}
        onChange={(slug) => change({ models: [slug] })}
      >
        {options(models)}
      </Select>
    )
  }
  const rest = models.filter((model) => !chosen.includes(model))
  const slugs = chosen.map(({ slug }) => slug)
  return (
    <div className="history-models">
      <ul className="chips">
        {chosen.map(({ slug, name }, index) => (
          <li key={slug} data-series={index}>
            <button
              type="button"
              className="chip"
              aria-label={history.remove(name)}
              disabled={chosen.length === 1}
              onClick={() => change({ models: slugs.filter((each) => each !== slug) })}
            >
              <svg width="28" height="8" aria-hidden="true">
                <line x1="0" x2="28" y1="4" y2="4" className="plot-path" />
              </svg>
              {name} {chosen.length > 1 && <Icon name="close" />}
            </button>
          </li>
        ))}
      </ul>
      {chosen.length < MOST_MODELS ? (
        <Select
          name={history.add}
          value=""
          onChange={(slug) => change({ models: [...slugs, slug] })}
        >
          <option value="">–</option>
          {options(rest)}
        </Select>
      ) : (
        <p>{history.most(MOST_MODELS)}</p>
      )}
    </div>
  )
}
