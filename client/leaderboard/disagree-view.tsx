import type { CSSProperties } from 'react'
import { Link } from 'react-router'
import { DIMENSIONS } from '../../shared/dimensions.ts'
import type { BoardRow } from '../../shared/schemas/leaderboard.ts'
import { boardTexts } from '../texts/en-board.ts'
import { formatWhole } from '../texts/format.ts'
import { texts } from '../texts/en.ts'
import { DimensionName } from '../ui/dimension-name.tsx'
import { Icon } from '../ui/icon.tsx'
import { SPREADS, type SpreadUnit } from './address.ts'
import { disagreements, type Boards, type Disagreement } from './compare.ts'
import { AxisTicks, gridOf } from './interval-bar.tsx'
import { makeScale, placeOn, ratingScale, type Scale } from './scale.ts'
import type { ChangeAddress } from './use-address.ts'

const { disagree } = boardTexts

type Props = { boards: Boards; unit: SpreadUnit; change: ChangeAddress }

/** Models by how far their three ratings lie apart, each in a sentence and on one axis. */
export function DisagreeView({ boards, unit, change }: Props) {
  const rows = disagreements(boards, unit)
  const clear = rows.filter((row) => row.clear).length
  const scale = scaleOf(rows, boards, unit)
  return (
    <section className="disagree" aria-labelledby="disagree-title">
      <div className="view-head">
        <div>
          <h2 id="disagree-title">{disagree.title}</h2>
          <p>{disagree.lead}</p>
        </div>
        <fieldset className="segments">
          <legend>{disagree.unit}</legend>
          {SPREADS.map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="spread"
                checked={each === unit}
                onChange={() => change({ spread: each })}
              />
              <span>{disagree.units[each]}</span>
            </label>
          ))}
        </fieldset>
      </div>
      {rows.length === 0 ? (
        <p className="board-empty">{disagree.none}</p>
      ) : (
        <>
          <p className="disagree-count">{disagree.clearCount(clear, rows.length)}</p>
          <div className="disagree-axis" aria-hidden="true">
            <span className="disagree-legend">
              {DIMENSIONS.map((dimension) => (
                <DimensionName key={dimension} dimension={dimension} />
              ))}
            </span>
            <span className="disagree-ticks">
              <AxisTicks
                scale={unit === 'places' ? { ...scale, ticks: [1, ...scale.ticks] } : scale}
              />
              <small>{disagree.axis[unit]}</small>
            </span>
          </div>
          <ol className="disagree-list figures">
            {rows.map((row) => (
              <DisagreeLine key={row.model.slug} row={row} unit={unit} scale={scale} />
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

function DisagreeLine({ row, unit, scale }: { row: Disagreement; unit: SpreadUnit; scale: Scale }) {
  const { model, rows, best, worst, spread, clear } = row
  const sentence =
    unit === 'places'
      ? disagree.places(best, rows[best]?.rank ?? 0, worst, rows[worst]?.rank ?? 0)
      : disagree.points(best, worst, spread)
  return (
    <li data-testid="disagreement" data-slug={model.slug} data-clear={clear || undefined}>
      <div className="disagree-words">
        <Link to={`/models/${model.slug}`}>{model.name}</Link>
        <p>
          {sentence}
          {spread > 0 && (
            <span className="disagree-verdict" data-clear={clear || undefined}>
              {' '}
              {clear ? `(${disagree.clearWords})` : `(${disagree.overlap})`}
            </span>
          )}
        </p>
      </div>
      <div className="dumbbell">
        <span className="dumbbell-grid" style={gridOf(scale)} aria-hidden="true" />
        <ul>
          {DIMENSIONS.map((dimension) => {
            const { low, at, high } = extentOf(rows[dimension], unit)
            return (
              <li
                key={dimension}
                data-dimension={dimension}
                style={
                  {
                    '--low': percent(placeOn(scale, low)),
                    '--high': percent(placeOn(scale, high)),
                    '--at': percent(placeOn(scale, at)),
                  } as CSSProperties
                }
              >
                <span className="visually-hidden">
                  {texts.dimensions[dimension]}: {formatWhole(Math.abs(at))} (
                  {boardTexts.interval(Math.abs(low), Math.abs(high))})
                </span>
                <span className="dumbbell-dot" aria-hidden="true">
                  <Icon name={dimension} />
                </span>
              </li>
            )
          })}
        </ul>
      </div>
    </li>
  )
}

const percent = (share: number) => `${(share * 100).toFixed(2)}%`

/** Where a rating lies and how far its interval goes, in the unit asked for. */
function extentOf(row: BoardRow | null, unit: SpreadUnit) {
  const at = (unit === 'places' ? row?.rank : row?.rating) ?? 0
  const low = (unit === 'places' ? row?.rankLow : row?.ciLow) ?? at
  const high = (unit === 'places' ? row?.rankHigh : row?.ciHigh) ?? at
  return { low, at, high }
}

function scaleOf(rows: readonly Disagreement[], boards: Boards, unit: SpreadUnit): Scale {
  if (unit === 'points') return ratingScale(DIMENSIONS.flatMap((name) => boards[name]?.rows ?? []))
  const last = Math.max(
    2,
    ...rows.flatMap((row) =>
      DIMENSIONS.map((d) => row.rows[d]?.rankHigh ?? row.rows[d]?.rank ?? 1),
    ),
  )
  const scale = makeScale([1, last], 1, 6)
  return { ...scale, ticks: scale.ticks.filter((tick) => tick > 1 && Number.isInteger(tick)) }
}
