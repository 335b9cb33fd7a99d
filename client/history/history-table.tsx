import { boardTexts } from '../texts/en-board.ts'
import { formatDateTime, formatWhole } from '../texts/format.ts'
import type { Line, LinePoint } from './lines.ts'

const { history } = boardTexts

/** More rows than anybody reads; the whole history is one download away. */
const MOST_ROWS = 60

/** What a plot shows, in words and figures. */
export function HistoryTable({ lines }: { lines: readonly Line<LinePoint>[] }) {
  const moments = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))]
    .sort()
    .toReversed()
  const step = Math.max(1, Math.ceil(moments.length / MOST_ROWS))
  const shown = moments.filter((_, index) => index % step === 0)
  const byMoment = lines.map(({ points }) => new Map(points.map((point) => [point.at, point])))
  return (
    <details className="history-table">
      <summary>{history.table}</summary>
      <div className="board-scroll" role="region" aria-label={history.tableLabel} tabIndex={0}>
        <table className="plain-table figures">
          <thead>
            <tr>
              <th scope="col">{history.at}</th>
              {lines.map(({ key, name }) => (
                <th key={key} scope="col" data-numeric>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((at) => (
              <tr key={at}>
                <th scope="row">{formatDateTime(at)}</th>
                {byMoment.map((points, index) => {
                  const point = points.get(at)
                  return (
                    <td key={lines[index]?.key} data-numeric>
                      {typeof point?.rating === 'number' ? formatWhole(point.rating) : '–'}
                      {typeof point?.ciLow === 'number' && point.ciHigh !== null && (
                        <small> ({boardTexts.interval(point.ciLow, point.ciHigh)})</small>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
