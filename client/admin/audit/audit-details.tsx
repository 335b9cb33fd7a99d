import { moreTexts } from '../../texts/en-admin-more.ts'
import { detailRows, type DetailRow } from './details.ts'

const { audit } = moreTexts
/** More than this is folded: a registration has many fields, a change few. */
const SHOWN_AT_ONCE = 6

type Props = { details: Readonly<Record<string, unknown>> | null }

/** What an act changed: field by field, what it was and what it became. */
export function AuditDetails({ details }: Props) {
  const rows = detailRows(details)
  if (rows.length === 0) return null
  if (rows.length <= SHOWN_AT_ONCE) return <Fields rows={rows} />
  return (
    <details className="audit-more">
      <summary>{audit.fields(rows.length)}</summary>
      <Fields rows={rows} />
    </details>
  )
}

function Fields({ rows }: { rows: readonly DetailRow[] }) {
  // Where nothing was before, as of a new model, "none" a dozen times says nothing.
  const changes = rows.some(({ from }) => from !== null)
  return (
    <dl className="audit-details">
      {rows.map((row) => (
        <div key={row.field}>
          <dt>{row.field}</dt>
          <dd>
            <Values row={row} changes={changes} />
          </dd>
        </div>
      ))}
    </dl>
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
