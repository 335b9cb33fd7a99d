import type { ModelFailureDetail } from '../../../shared/schemas/admin.ts'
import { moreTexts } from '../../texts/en-admin-more.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { CodeText } from '../lists/code-text.tsx'
import { Fact } from '../lists/fact.tsx'
import './failures.css'

const { failures } = moreTexts

/** What was sent when an answer failed, word by word; it can be copied as a whole. */
export function FailedRequest({ request }: { request: ModelFailureDetail['request'] }) {
  const { dialect, apiVersion, extra } = request?.provider ?? {}
  return (
    <section className="failed-request" aria-labelledby="failed-request">
      <div className="code-head">
        <h2 id="failed-request">{failures.request}</h2>
        {request !== null && (
          <CopyButton
            wide
            label={failures.copyRequest}
            text={() => JSON.stringify(request, null, 2)}
          />
        )}
      </div>
      {request === null ? (
        <p className="admin-hint">{failures.noRequest}</p>
      ) : (
        <>
          <p className="admin-hint">{failures.requestLead}</p>
          <dl className="fact-list">
            <Fact name={failures.provider}>
              <code>
                {[request.provider.kind, request.provider.model, request.provider.baseUrl]
                  .filter((part) => part !== undefined)
                  .join(' · ')}
              </code>
            </Fact>
            {dialect !== undefined && (
              <Fact name={failures.dialect}>
                <code>{apiVersion === undefined ? dialect : `${dialect} · ${apiVersion}`}</code>
              </Fact>
            )}
            {extra !== undefined && (
              <Fact name={failures.extra}>
                <code>{JSON.stringify(extra)}</code>
              </Fact>
            )}
            <Fact name={failures.sampling}>
              <code>{samplingOf(request.sampling)}</code>
            </Fact>
          </dl>
          <ol className="failed-messages" aria-label={failures.messages}>
            {request.messages.map(({ role, content }, index) => {
              const name = failures.role[role] ?? role
              return (
                // What was sent does not change any more.
                // oxlint-disable-next-line react/no-array-index-key
                <li key={index}>
                  <CodeText
                    head={<h3>{name}</h3>}
                    label={`${name}: ${failures.requestRegion}`}
                    copy={failures.copyMessage}
                    text={content}
                  />
                </li>
              )
            })}
          </ol>
        </>
      )}
    </section>
  )
}

function samplingOf(sampling: object): string {
  const parts = Object.entries(sampling).map(([name, value]) => `${name} ${String(value)}`)
  return parts.length === 0 ? failures.modelDefaults : parts.join(', ')
}
