import { useState } from 'react'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { detailRows, type DetailRow } from './details.ts'

const { audit } = moreTexts
/** So many fields are shown at once; a registration has many more than a change. */
const SHOWN_AT_ONCE = 6

/** What an act changed: field by field, what it was and what it became. */
export function AuditDetails({ details }: { details: Readonly<Record<string, unknown>> | null }) {
  const rows = detailRows(details)
  const [all, setAll] = useState(rows.length <= SHOWN_AT_ONCE)
  if (rows.length === 0) return null
  // Where nothing was before, as of a new model, "none" a dozen times says nothing.
  const changes = rows.some(({ from }) => from !== null)
  return (
    <div className="audit-details">
      <dl>
        {(all ? rows : rows.slice(0, SHOWN_AT_ONCE)).map((row) => (
          <div key={row.field}>
            <dt>{row.field}</dt>
            <dd>
              <Values row={row} changes={changes} />
            </dd>
          </div>
        ))}
      </dl>
      {!all && (
        <button type="button" className="button" data-kind="quiet" onClick={() => setAll(true)}>
          {audit.showAll(rows.length)}
        </button>
      )}
    </div>
  )
}

function Values({ row: { kind, from, to }, changes }: { row: DetailRow; changes: boolean }) {
  if (kind === 'value' || !changes) return <Value text={to} />
  return (
    <>
      <del>
        <Value text={from} />
      </del>{' '}
      <span aria-hidden="true">→</span>
      <span className="visually-hidden">{audit.to}</span>{' '}
      <ins>
        <Value text={to} />
      </ins>
    </>
  )
}

function Value({ text }: { text: string | null }) {
  if (text === null) return <em>{audit.nothing}</em>
  return <span dir="auto">{text === '' ? '“”' : text}</span>
}
