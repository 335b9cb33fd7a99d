import { DIMENSIONS } from '../../shared/dimensions.ts'
import { boardTexts } from '../texts/en-board.ts'
import { texts } from '../texts/en.ts'
import { HistoryTable } from './history-table.tsx'
import { LinePlot } from './line-plot.tsx'
import { useHistories } from './use-history.ts'

/** One model's three ratings over time. */
export function ModelHistory({ slug }: { slug: string }) {
  const { points, fault } = useHistories(
    DIMENSIONS.map((dimension) => ({ dimension, model: slug })),
    null,
  )
  const lines =
    points?.map((own, index) => {
      const dimension = DIMENSIONS[index] ?? 'accuracy'
      return { key: dimension, name: texts.dimensions[dimension], dimension, points: own }
    }) ?? null
  return (
    <section aria-labelledby="model-history">
      <h2 id="model-history">{boardTexts.model.history}</h2>
      {fault !== null && <p>{fault.message}</p>}
      {lines === null ? (
        fault === null && <p className="board-empty history-loading">{boardTexts.loading}</p>
      ) : (
        <>
          <LinePlot lines={lines} />
          <HistoryTable lines={lines} />
        </>
      )}
    </section>
  )
}
