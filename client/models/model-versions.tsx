import { useState } from 'react'
import { BOARD_DIMENSIONS, type BoardDimension } from '../../shared/dimensions.ts'
import type { ModelVersionView } from '../../shared/schemas/model.ts'
import { HistoryTable } from '../history/history-table.tsx'
import { LinePlot } from '../history/line-plot.tsx'
import { Select } from '../leaderboard/select.tsx'
import { boardTexts } from '../texts/en-board.ts'
import { modelTexts } from '../texts/en-models.ts'
import { texts } from '../texts/en.ts'
import { useVersions } from './use-versions.ts'
import { VersionRow } from './version-row.tsx'
import { versionLines } from './version-lines.ts'

const { versions: words } = modelTexts

/** Shown before somebody asks for all. */
const SHOWN = 8

/** Who has answered under a model's name: each with its own ratings, and over time. */
export function ModelVersions({ slug }: { slug: string }) {
  const fetched = useVersions(slug)
  return (
    <section aria-labelledby="versions-title" className="versions" aria-busy={fetched === null}>
      <h2 id="versions-title">{words.title}</h2>
      {fetched === null && <p className="model-note">{words.loading}</p>}
      {fetched?.ok === false && <p className="model-note">{fetched.error.message}</p>}
      {fetched?.ok === true && (
        <Versions versions={fetched.value.items} complete={fetched.value.complete} />
      )}
    </section>
  )
}

type Props = { versions: readonly ModelVersionView[]; complete: boolean }

function Versions({ versions, complete }: Props) {
  const [all, setAll] = useState(false)
  const [only] = versions
  if (versions.length <= 1) {
    return only === undefined ? null : (
      <p className="model-note">{words.one(only.from, only.until)}</p>
    )
  }
  const shown = all ? versions : versions.slice(0, SHOWN)
  return (
    <>
      <p className="model-note">{words.lead(versions.length)}</p>
      <ol className="version-list figures">
        {shown.map((version) => (
          <VersionRow key={version.version} version={version} among={versions} />
        ))}
      </ol>
      {shown.length < versions.length && (
        <button type="button" className="button" onClick={() => setAll(true)}>
          {words.showAll(versions.length)}
        </button>
      )}
      <VersionHistory versions={versions} complete={complete} />
    </>
  )
}

function VersionHistory({ versions, complete }: Props) {
  const [dimension, setDimension] = useState<BoardDimension>('overall')
  const lines = versionLines(versions, dimension)
  const drawn = lines.some(({ points }) => points.some(({ rating }) => rating !== null))
  return (
    <>
      <h3>{words.history}</h3>
      {!complete && <p className="model-note">{words.incomplete}</p>}
      {lines.length === 0 ? (
        <p className="model-note">{words.noHistory}</p>
      ) : (
        <>
          <p className="model-note">{words.historyLead(lines.length, versions.length)}</p>
          <Select
            name={words.dimension}
            value={dimension}
            onChange={(chosen) => setDimension(chosen as BoardDimension)}
          >
            {BOARD_DIMENSIONS.map((each) => (
              <option key={each} value={each}>
                {texts.dimensions[each]}
              </option>
            ))}
          </Select>
          {drawn ? (
            <>
              <LinePlot lines={lines} named />
              <HistoryTable lines={lines} />
            </>
          ) : (
            <p className="board-empty">{boardTexts.history.empty}</p>
          )}
        </>
      )}
    </>
  )
}
