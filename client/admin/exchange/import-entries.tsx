import type { RefObject } from 'react'
import { Link } from 'react-router'
import type { ImportResult } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { summaryOf, type Outcome } from './summary.ts'

const { exchange } = moreTexts

const TONES: Readonly<Record<Outcome, string>> = {
  registered: 'good',
  'would-register': 'good',
  exists: 'quiet',
  invalid: 'bad',
}

type Props = {
  result: ImportResult
  heading: RefObject<HTMLHeadingElement | null>
  /** How many models can be registered now. */
  ready: number
  busy: boolean
  onRegister: () => void
}

/** What an import would do, or did, entry by entry. */
export function ImportEntries({ result, heading, ready, busy, onRegister }: Props) {
  const { counts } = summaryOf(result)
  const { name } = exchange.formats[result.format]
  return (
    <div className="import-result" data-testid="import-result">
      <h3 ref={heading} tabIndex={-1}>
        {result.dryRun
          ? exchange.found(name, result.items.length)
          : exchange.registered(result.registered)}
      </h3>
      {counts.invalid > 0 && <p className="admin-fault">{exchange.invalid(counts.invalid)}</p>}
      {result.dryRun && counts.invalid === 0 && ready === 0 && (
        <p className="admin-hint">{exchange.nothing}</p>
      )}
      {ready > 0 && (
        <button
          type="button"
          className="button"
          data-kind="primary"
          aria-disabled={busy}
          onClick={onRegister}
        >
          {busy ? exchange.registering : exchange.register(ready)}
        </button>
      )}
      <ul className="list-rows import-entries" aria-label={exchange.results}>
        {result.items.map((item) => (
          <li key={item.entry} className="import-entry">
            <span className="import-number figures">{item.entry}</span>
            <span className="import-slug">
              {item.slug === null ? (
                <em>{exchange.noSlug}</em>
              ) : item.outcome === 'registered' || item.outcome === 'exists' ? (
                <Link to={`/admin/models/${encodeURIComponent(item.slug)}`}>{item.slug}</Link>
              ) : (
                <span dir="auto">{item.slug}</span>
              )}
            </span>
            <span>
              <span className="list-tag" data-tone={TONES[item.outcome]}>
                {exchange.outcomes[item.outcome]}
              </span>
            </span>
            <span className="import-remarks">
              {item.field !== undefined && <code>{item.field}</code>}{' '}
              {item.message !== undefined && <span dir="auto">{wordsOf(item)}</span>}
              {item.notes.map((note) => (
                <span key={note} className="import-note" dir="auto">
                  {note}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What is wrong with an entry, without the field, which is named beside it. */
function wordsOf({ field, message = '' }: ImportResult['items'][number]): string {
  return field !== undefined && message.startsWith(`${field}: `)
    ? message.slice(field.length + 2)
    : message
}
